package simulation;

import java.time.Duration;
import java.util.List;
import plumb.ownership.Decision;
import plumb.ownership.RangeRow;
import plumb.ownership.Wish;

/// What happens to a world, from a seed.
final class Troubles {
    private static final int MOST_INSTANCES = 4;
    private static final long WHILE = Duration.ofSeconds(6).toNanos();
    private static final long LONG_WHILE = Duration.ofSeconds(18).toNanos();

    private final World world;

    Troubles(World world) {
        this.world = world;
    }

    void cause() {
        RangeRow row = any(world.database.leases.rows());
        List<Instance> owners = world.up().stream()
                .filter(each ->
                        each.incarnation().filter(me -> me.equals(row.owner())).isPresent())
                .toList();
        Instance one = owners.isEmpty() || world.luck.nextInt(3) == 0 ? any(world.up()) : any(owners);
        switch (world.luck.nextInt(24)) {
            case 0, 1 -> crash(one);
            case 2, 3, 4 -> one.pause(time(LONG_WHILE));
            case 5 -> {
                one.link.cut = true;
                later(LONG_WHILE, () -> one.link.cut = false);
            }
            case 6, 7 -> {
                one.link.noisy = true;
                later(WHILE, () -> one.link.noisy = false);
            }
            case 8 -> {
                world.database.away = true;
                later(LONG_WHILE, () -> world.database.away = false);
            }
            case 9, 10 -> {
                one.store.noisy = true;
                later(WHILE, () -> one.store.noisy = false);
            }
            case 11 -> {
                one.store.slow = true;
                later(LONG_WHILE, () -> one.store.slow = false);
            }
            case 12 -> world.network.cut(one, any(world.up()));
            case 13 -> {
                world.network.noisy = true;
                later(WHILE, world.network::calm);
            }
            case 14 -> comeOrGo(one);
            case 15 -> {
                one.parts.keeper.drain();
                later(LONG_WHILE, one.parts.keeper::undrain);
            }
            case 16 -> {
                boolean slow = world.luck.nextBoolean();
                one.store.slow |= slow;
                one.beBusy(!slow);
                later(WHILE, () -> one.reclaim(row.range()));
                later(LONG_WHILE, () -> one.store.slow = false);
                later(LONG_WHILE, () -> one.beBusy(false));
            }
            case 17 -> one.shed();
            case 18, 19, 20 -> move(row, any(world.up()));
            default -> wish(row, any(world.up()));
        }
    }

    private void crash(Instance one) {
        one.crash();
        if (staying() < 2) world.join();
    }

    private void comeOrGo(Instance one) {
        if (staying() <= 2 || (world.up().size() < MOST_INSTANCES && world.luck.nextBoolean())) world.join();
        else one.beginToLeave();
    }

    private long staying() {
        return world.instances().stream().filter(Instance::isStaying).count();
    }

    /// Perhaps what came with it is in doubt soon.
    private void move(RangeRow row, Instance to) {
        to.incarnation().ifPresent(target -> wish(row, new Wish.Move(target)));
        if (world.luck.nextBoolean()) later(LONG_WHILE, () -> to.reclaim(row.range()));
    }

    private void wish(RangeRow row, Instance to) {
        long lo = row.keys().lo();
        switch (world.luck.nextInt(3)) {
            case 0 -> wish(row, new Wish.Split(lo + Math.max(1, (row.keys().hi() - lo) / 2)));
            case 1 -> world.database.leases.rows().forEach(each -> wish(each, new Wish.Merge()));
            default -> move(row, to);
        }
    }

    private void wish(RangeRow row, Wish wish) {
        world.database.leases.wish(row.range(), row.epoch(), wish, new Decision("the simulation", "its seed"));
    }

    private void later(long most, Runnable end) {
        world.scheduler.after(time(most), end);
    }

    private <T> T any(List<T> of) {
        return of.get(world.luck.nextInt(of.size()));
    }

    private long time(long most) {
        return 1 + world.luck.nextLong(most);
    }
}
