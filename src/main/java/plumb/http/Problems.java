package plumb.http;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import plumb.CallCycle;
import plumb.Draining;
import plumb.Expired;
import plumb.LoadFailed;
import plumb.NotOwner;
import plumb.OutcomeUnknown;
import plumb.Overloaded;
import plumb.Quarantined;
import plumb.Refusal;
import plumb.Rejection;

/// Which exception becomes which [Problem]. Pure.
final class Problems {
    private Problems() {}

    static Problem of(Refusal refusal) {
        int status = refusal instanceof Overloaded full && full.scope() == Overloaded.Scope.KEY ? 429 : 503;
        String detail = String.valueOf(refusal.getMessage());
        return Problem.of(status, type(refusal), detail).retryAfter(refusal.retryAfter());
    }

    private static String type(Refusal refusal) {
        return switch (refusal) {
            case NotOwner notOwner -> "not-owner";
            case Draining draining -> "draining";
            case Overloaded overloaded -> "overloaded";
            case Expired expired -> "expired";
            case LoadFailed failed -> "load-failed";
            case Quarantined quarantined -> "quarantined";
        };
    }

    static Problem of(OutcomeUnknown unknown) {
        return Refusals.unknownOutcome(504).because(unknown);
    }

    /// A mistake of the domain that its log should show; nothing of the instance's inner life is in the message.
    static Problem of(CallCycle cycle) {
        return Problem.of(508, "call-cycle", String.valueOf(cycle.getMessage())).because(cycle);
    }

    static Problem of(Rejection rejection) {
        return Problem.of(rejection.status(), rejection.type(), String.valueOf(rejection.getMessage()));
    }

    /// Keeps the headers, `Allow` for example.
    static Problem of(WebApplicationException e) {
        Response response = e.getResponse();
        int status = response.getStatus();
        String phrase = response.getStatusInfo().getReasonPhrase();
        Problem problem = Problem.of(status, "http-" + status, phrase + ".");
        for (Map.Entry<String, List<String>> header :
                response.getStringHeaders().entrySet())
            if (!describesBody(header.getKey()))
                problem = problem.header(header.getKey(), String.join(", ", header.getValue()));
        return status >= 500 ? problem.because(e) : problem;
    }

    private static boolean describesBody(String header) {
        return header.toLowerCase(Locale.ROOT).startsWith("content-")
                || header.equalsIgnoreCase(HttpHeaders.CACHE_CONTROL);
    }

    static Problem of(ConstraintViolationException e) {
        Set<ConstraintViolation<?>> violations = e.getConstraintViolations();
        if (violations == null) violations = Set.of();
        if (violations.stream().anyMatch(Problems::isOurs)) return unexpected(e);
        var errors = new ArrayList<Map<String, Object>>();
        for (ConstraintViolation<?> violation : violations) errors.add(error(violation));
        return Problem.of(400, "invalid", "The request breaks " + Math.max(1, errors.size()) + " rule(s).")
                .with("errors", errors);
    }

    private static boolean isOurs(ConstraintViolation<?> violation) {
        for (Path.Node node : violation.getPropertyPath()) if (node.getKind() == ElementKind.RETURN_VALUE) return true;
        return false;
    }

    /// A JSON pointer into the body, or the name of the parameter.
    private static Map<String, Object> error(ConstraintViolation<?> violation) {
        var pointer = new StringBuilder("#");
        String parameter = null;
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.getKind() == ElementKind.METHOD || node.getKind() == ElementKind.CONSTRUCTOR) continue;
            if (node.getIndex() != null) pointer.append('/').append(node.getIndex());
            if (node.getKey() != null) pointer.append('/').append(node.getKey());
            if (node.getKind() == ElementKind.PARAMETER) parameter = node.getName();
            else if (node.getName() != null && node.getKind() == ElementKind.PROPERTY)
                pointer.append('/').append(node.getName());
        }
        boolean inBody = parameter == null || pointer.length() > 1;
        return Map.of(
                inBody ? "pointer" : "parameter",
                inBody ? pointer.toString() : String.valueOf(parameter),
                "detail",
                violation.getMessage());
    }

    static Problem unexpected(Throwable e) {
        return Problem.of(500, "internal", "Something went wrong here; the instance's log has more under the trace id.")
                .because(e);
    }
}
