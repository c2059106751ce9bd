package plumb.http;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import plumb.keyspace.Incarnation;

/// Bounds the hops that are under way, per peer and in all. Never waits. Safe for use by several threads.
final class InFlight {
    private final ConcurrentMap<Incarnation, Integer> perPeer = new ConcurrentHashMap<>(); // no entry for an idle peer
    private final Semaphore all;
    private final int mostPerPeer;

    InFlight(int mostPerPeer, int most) {
        this.mostPerPeer = mostPerPeer;
        this.all = new Semaphore(most);
    }

    boolean tryEnter(Incarnation peer) {
        if (!all.tryAcquire()) return false;
        if (perPeer.merge(peer, 1, Integer::sum) <= mostPerPeer) return true;
        leave(peer);
        return false;
    }

    void leave(Incarnation peer) {
        perPeer.computeIfPresent(peer, (id, count) -> count == 1 ? null : count - 1);
        all.release();
    }

    int count(Incarnation peer) {
        return perPeer.getOrDefault(peer, 0);
    }
}
