package usualpizza;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Orders that somebody waits for, as JSON.
///
/// @param orders the newest first
public record LiveView(List<LiveOrder> orders) {
    /// @param since when it got to its stage; RFC 3339, UTC
    /// @param courier as of the last report; absent: none that memory knows of
    public record LiveOrder(
            OrderView order, String since, @Nullable Position courier) {
        static LiveOrder of(Usual.Live live) {
            return new LiveOrder(
                    OrderView.of(live.ticket()), live.ticket().since().toString(), live.courier());
        }
    }

    static LiveView of(List<Usual.Live> live) {
        return new LiveView(live.stream().map(LiveOrder::of).toList());
    }
}
