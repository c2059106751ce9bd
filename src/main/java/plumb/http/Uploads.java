package plumb.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import plumb.Deadline;

/// Requests' bodies on their way in: how long one may be, until when it may take, and for how many clients' at once a
/// worker may wait.
///
/// A body that is there when it is read needs no place. So whoever sends his drop by drop, over as many connections as
/// he likes, is in the way of those who do the same, and nobody else finds all workers taken. Thread-safe.
public final class Uploads {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final long mostBytes;
    private final Semaphore places;
    private final LongSupplier nanoTime;

    public Uploads(HttpSettings settings, LongSupplier nanoTime) {
        this(settings.bodyLimit(), HttpSettings.UPLOADS, nanoTime);
    }

    Uploads(long mostBytes, int places, LongSupplier nanoTime) {
        this.mostBytes = mostBytes;
        this.places = new Semaphore(places);
        this.nanoTime = nanoTime;
    }

    /// The body is not read on, and this is why.
    static final class Refused extends IOException {
        private static final long serialVersionUID = 1;
        private final transient Problem problem;

        private Refused(Problem problem) {
            super(problem.detail());
            this.problem = problem;
        }

        Problem problem() {
            return problem;
        }
    }

    /// Of somebody outside.
    ///
    /// @param length that was announced; -1: none was
    InputStream ofClient(InputStream body, long length, Deadline deadline) {
        return new Limited(body, this, deadline, length);
    }

    /// Of another instance, whose hops are bounded themselves.
    InputStream ofPeer(InputStream body, Deadline deadline) {
        return new Limited(body, this, deadline, 0);
    }

    /// 413.
    Problem tooLarge() {
        return Problem.of(413, "body-too-large", "The body is larger than " + mostBytes + " bytes.");
    }

    boolean isTooLarge(long bytes) {
        return bytes > mostBytes;
    }

    void checkLength(long bytes) throws Refused {
        if (isTooLarge(bytes)) throw new Refused(tooLarge());
    }

    void checkTime(Deadline deadline) throws Refused {
        if (deadline.passed(nanoTime.getAsLong()))
            throw new Refused(Problem.of(408, "body-too-slow", "The body was not there in time; nothing was applied."));
    }

    void beginToWait() throws Refused {
        if (places.tryAcquire()) return;
        throw new Refused(Problem.of(503, "overloaded", "Too many bodies are waited for; nothing was applied.")
                .retryAfter(SOON));
    }

    void endToWait() {
        places.release();
    }
}
