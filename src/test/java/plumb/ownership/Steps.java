package plumb.ownership;

/// Lets a simulation do what the keeper's two threads do, when it wants.
public final class Steps {
    private final LeaseKeeper keeper;

    public Steps(LeaseKeeper keeper) {
        this.keeper = keeper;
    }

    /// One round.
    ///
    /// @return nanoseconds until the next; negative: the instance has left
    public long tick() {
        long delay = keeper.tick();
        return delay == Loop.DONE ? -1 : delay;
    }

    /// One renewal.
    ///
    /// @return nanoseconds until the next
    public long renew() {
        return keeper.renew();
    }

    /// One look of a confirmation at the neighbours.
    ///
    /// @return nanoseconds until the next
    public static long look(Confirmation confirmation) {
        return confirmation.look();
    }

    /// From the next round on the instance gives everything away, and goes.
    public void beginToLeave() {
        keeper.beginToLeave();
    }
}
