package plumb.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import plumb.Draining;
import plumb.Expired;
import plumb.NotOwner;
import plumb.OutcomeUnknown;
import plumb.Overloaded;
import plumb.Peers;

/// What the owner's resource answered to a request of ours.
@SuppressWarnings("ArrayRecordComponent") // nobody compares answers
record PeerAnswer(int status, Headers headers, byte[] body, Json json) implements Peers.Answer {
    private static final Pattern TYPE =
            Pattern.compile("\"type\"\\s*:\\s*\"" + Pattern.quote(Problem.BASE) + "([a-z-]+)\"");
    private static final Pattern DETAIL = Pattern.compile("\"detail\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    @Override
    public Optional<String> header(String name) {
        return headers.all(name).stream().findFirst();
    }

    @Override
    public String text() {
        return new String(body, UTF_8);
    }

    @Override
    public <T> T as(Class<T> type) {
        return json.read(text(), type);
    }

    /// What the plumbing at the owner said instead of the resource, as [plumb.Keyed] would have said it; null: it is
    /// the resource's answer.
    @Nullable
    RuntimeException refusal() {
        boolean problem = header("Content-Type").orElse("").startsWith(Problem.MEDIA_TYPE);
        if (!problem || (status != 429 && status < 500)) return null;
        Matcher type = TYPE.matcher(text());
        if (!type.find()) return null;
        Matcher detail = DETAIL.matcher(text());
        return refusal(status, type.group(1), detail.find() ? detail.group(1) : "");
    }

    /// Of a problem type of the plumbing's own; null: it is none, or not about whether the request was applied.
    static @Nullable RuntimeException refusal(int status, String type, String detail) {
        return switch (type) {
            case "overloaded" ->
                new Overloaded(status == 429 ? Overloaded.Scope.KEY : Overloaded.Scope.INSTANCE, detail);
            case "expired" -> new Expired(detail);
            case "draining" -> new Draining(detail);
            case "not-owner", "no-owner", "owner-unreachable", "owner-failed", "stopping" -> new NotOwner(detail);
            case "outcome-unknown" -> new OutcomeUnknown(detail);
            default -> null;
        };
    }
}
