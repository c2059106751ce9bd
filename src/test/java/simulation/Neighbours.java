package simulation;

import plumb.ownership.InstanceRow;
import plumb.ownership.PeerProbe;

/// One instance's look at the others, past the database.
final class Neighbours implements PeerProbe {
    private final World world;
    private final Instance from;

    Neighbours(World world, Instance from) {
        this.world = world;
        this.from = from;
    }

    @Override
    public boolean answersAs(InstanceRow row) {
        Instance peer = world.named(row.info().name());
        return world.network.reaches(from, peer)
                && peer.answers()
                && peer.incarnation().filter(row.incarnation()::equals).isPresent();
    }

    @Override
    public boolean refuses(InstanceRow row) {
        Instance peer = world.named(row.info().name());
        return world.network.reaches(from, peer) && !peer.isUp();
    }
}
