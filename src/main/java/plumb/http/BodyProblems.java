package plumb.http;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.json.stream.JsonParsingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.NoContentException;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import plumb.Deadline;

/// Whatever goes wrong while a request's body is read is the client's fault: 400 that names the field where that is
/// known. The servers' own exceptions for it differ, so it is caught where it happens. Bodies of resources that nobody
/// owns get their limits here, those of owned ones from [OwnerFilter].
@Provider
@Dependent
public class BodyProblems implements ReaderInterceptor {
    // Yasson, which both servers use, tells the property in its message only
    private static final Pattern PROPERTY = Pattern.compile("property '([^']{1,100})'");

    @Inject
    HttpSettings settings;

    @Inject
    Uploads uploads;

    @Inject
    LongSupplier nanoTime;

    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        boolean owned = context.getProperty(RequestDeadline.PROPERTY) != null; // then it is limited already
        if (!owned) limit(context);
        context.setInputStream(new Ending(context.getInputStream()));
        try {
            return context.proceed();
        } catch (NoContentException e) {
            throw e; // "empty body": JAX-RS knows what to do
        } catch (WebApplicationException | ProblemException e) {
            throw e;
        } catch (IOException | RuntimeException | StackOverflowError e) { // the last: a body that nests too deeply
            throw new ProblemException(problem(e));
        }
    }

    private void limit(ReaderInterceptorContext context) {
        var headers = context.getHeaders();
        long length = ContentLength.of(headers.getFirst("Content-Length"), headers.getFirst("Transfer-Encoding"));
        if (uploads.isTooLarge(length)) throw new ProblemException(uploads.tooLarge());
        Deadline deadline = Deadline.in(settings.deadline(), nanoTime.getAsLong());
        context.setInputStream(uploads.ofClient(context.getInputStream(), length, deadline));
    }

    static Problem problem(Throwable e) {
        var pointer = new StringBuilder("#");
        String where = "";
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Uploads.Refused refused) return refused.problem();
            if (cause instanceof JsonParsingException parsing && parsing.getLocation() != null)
                where = " at line " + parsing.getLocation().getLineNumber() + ", column "
                        + parsing.getLocation().getColumnNumber();
            append(pointer, cause);
        }
        if (pointer.length() == 1) return Problem.of(400, "unreadable-body", "The body cannot be read" + where + ".");
        return Problem.of(400, "unreadable-body", "The body has a value that cannot be read at " + pointer + ".")
                .with("errors", List.of(Map.of("pointer", pointer.toString(), "detail", "cannot be read")));
    }

    private static void append(StringBuilder pointer, Throwable cause) {
        if (pointer.length() > 1 || cause.getMessage() == null) return;
        Matcher matcher = PROPERTY.matcher(cause.getMessage());
        while (matcher.find()) pointer.append('/').append(matcher.group(1));
    }
}
