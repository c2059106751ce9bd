package plumb.http;

import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.Providers;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import plumb.CallCycle;
import plumb.OutcomeUnknown;
import plumb.Refusal;
import plumb.Rejection;
import plumb.ownership.LeaseTableException;

/// The one family of exception mappers: everything becomes a [Problem]. A domain adds mappers for its own exceptions.
public final class ProblemMappers {
    private ProblemMappers() {}

    /// Not applied.
    @Provider
    public static class OfRefusal implements ExceptionMapper<Refusal> {
        @Override
        public Response toResponse(Refusal refusal) {
            return Problems.of(refusal).response();
        }
    }

    /// Perhaps applied.
    @Provider
    public static class OfOutcomeUnknown implements ExceptionMapper<OutcomeUnknown> {
        @Override
        public Response toResponse(OutcomeUnknown unknown) {
            return Problems.of(unknown).response();
        }
    }

    /// Handlers that would wait for each other. Not applied.
    @Provider
    public static class OfCallCycle implements ExceptionMapper<CallCycle> {
        @Override
        public Response toResponse(CallCycle cycle) {
            return Problems.of(cycle).response();
        }
    }

    /// The domain said no.
    @Provider
    public static class OfRejection implements ExceptionMapper<Rejection> {
        @Override
        public Response toResponse(Rejection rejection) {
            return Problems.of(rejection).response();
        }
    }

    /// The database that knows who owns what did not answer.
    @Provider
    public static class OfLeaseTable implements ExceptionMapper<LeaseTableException> {
        private static final Duration SOON = Duration.ofSeconds(5);

        @Override
        public Response toResponse(LeaseTableException e) {
            return Problem.of(503, "database-away", String.valueOf(e.getMessage()))
                    .retryAfter(SOON)
                    .response();
        }
    }

    /// A problem already.
    @Provider
    public static class OfProblem implements ExceptionMapper<ProblemException> {
        @Override
        public Response toResponse(ProblemException e) {
            return e.problem().response();
        }
    }

    /// The request breaks a rule of its bean.
    @Provider
    public static class OfViolation implements ExceptionMapper<ConstraintViolationException> {
        @Override
        public Response toResponse(ConstraintViolationException e) {
            return Problems.of(e).response();
        }
    }

    /// No such path, method, media type: what JAX-RS says itself. An answer with a body was made on purpose and stays.
    @Provider
    public static class OfJaxRs implements ExceptionMapper<WebApplicationException> {
        @Override
        public Response toResponse(WebApplicationException e) {
            Response made = e.getResponse();
            return made.hasEntity() || made.getStatus() < 400
                    ? made
                    : Problems.of(e).response();
        }
    }

    /// A stage's exception arrives wrapped: asks the mapper of what is inside.
    @Provider
    public static class OfCompletion implements ExceptionMapper<CompletionException> {
        @Context
        private Providers providers;

        @Override
        public Response toResponse(CompletionException e) {
            Throwable cause = e.getCause();
            return cause == null ? Problems.unexpected(e).response() : map(cause);
        }

        @SuppressWarnings("unchecked") // the mapper was asked for by the exception's class
        private <T extends Throwable> Response map(T cause) {
            ExceptionMapper<T> mapper = providers.getExceptionMapper((Class<T>) cause.getClass());
            return mapper == null ? Problems.unexpected(cause).response() : mapper.toResponse(cause);
        }
    }

    /// Everything else is our fault; the caller learns nothing but the trace id.
    @Provider
    public static class OfAnything implements ExceptionMapper<Throwable> {
        @Override
        public Response toResponse(Throwable e) {
            return Problems.unexpected(e).response();
        }
    }
}
