package plumb.dispatch;

import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import plumb.commit.Committer;

/// What every handler of an instance shares.
record Core(
        DispatchSettings settings,
        Committer committer,
        BooleanSupplier trusted,
        LongSupplier nanoTime,
        ThreadFactory keyThreads,
        Replies replies,
        Residents residents,
        FailedLoads failedLoads,
        Quarantine quarantine,
        Marks marks,
        Clockwork clockwork,
        DispatchStats stats) {}
