package usualpizza;

import java.util.List;

/// Orders on their way as JSON.
///
/// @param orders the one heard of last first
public record LiveView(List<LiveOrder> orders) {
    /// @param courier as of the last report
    public record LiveOrder(OrderView order, Position courier) {
        static LiveOrder of(Usual.Live live) {
            return new LiveOrder(OrderView.of(live.order()), live.courier());
        }
    }

    static LiveView of(List<Usual.Live> live) {
        return new LiveView(live.stream().map(LiveOrder::of).toList());
    }
}
