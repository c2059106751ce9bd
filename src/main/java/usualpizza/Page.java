package usualpizza;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import plumb.Rejection;

/// Which part of the orders is wanted, newest first. `after` is opaque to clients: the sequence number of the last
/// order on the page before, so a page does not move when new orders come.
record Page(int limit, long before) {
    static final int DEFAULT = 50;
    static final int MOST = 200;

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    static Page of(@Nullable String limit, @Nullable String after) {
        long wanted = limit == null ? DEFAULT : number(limit);
        long before = after == null ? Long.MAX_VALUE : number(after);
        if (wanted < 1 || wanted > MOST) throw invalid("limit: must be a number from 1 to " + MOST + ".");
        if (before < 1) throw invalid("after: must be taken from a Link header of an earlier page.");
        return new Page((int) wanted, before);
    }

    /// How many to read: one more than shown, to know whether that is all.
    int toRead() {
        return limit + 1;
    }

    List<Ticket> shown(List<Ticket> found) {
        return found.size() > limit ? found.subList(0, limit) : found;
    }

    /// What the next page comes after; empty: this is the last one.
    OptionalLong next(List<Ticket> found) {
        return found.size() > limit ? OptionalLong.of(found.get(limit - 1).seq()) : OptionalLong.empty();
    }

    /// @param self the address of this page; changed
    Response answer(List<Ticket> found, UriBuilder self) {
        var answer = Response.ok(OrderView.Page.of(shown(found)));
        next(found)
                .ifPresent(after -> answer.link(
                        self.replaceQueryParam("limit", limit)
                                .replaceQueryParam("after", after)
                                .build(),
                        "next"));
        return answer.build();
    }

    /// @return 0: it is none
    private static long number(String text) {
        return NUMBER.matcher(text).matches() ? Long.parseLong(text) : 0;
    }

    private static Rejection invalid(String detail) {
        return new Rejection(400, "invalid", detail);
    }
}
