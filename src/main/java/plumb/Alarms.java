package plumb;

import java.time.Instant;
import java.util.Optional;

/// The alarms of one key: durable timers that outlive a crash and a move. Injectable into [PerKey] classes that have
/// methods marked [Alarm]. For the key's own thread, during a request, as [Writes].
///
/// What is set and cancelled is committed with what the request writes, or not at all. All alarms of a key are in
/// memory with it, so none of this blocks. A key has at most 1,000.
///
/// An alarm is known by its name and its argument; the methods without one are for alarms that take none.
public interface Alarms {
    /// Sets an alarm, or sets it to another time.
    ///
    /// @param name of a method marked [Alarm]
    /// @param argument a `UUID`, `String` (up to 200 characters) or `Long`, as the method takes it
    /// @param due of this instance's clock; what has passed already fires at once
    /// @throws IllegalArgumentException if there is no such alarm in the domain, or it takes another argument
    /// @throws Overloaded if the key has too many
    void set(String name, Object argument, Instant due);

    /// The same for an alarm without an argument.
    void set(String name, Instant due);

    /// Takes an alarm back, if it is set.
    ///
    /// @return whether it was
    boolean cancel(String name, Object argument);

    /// The same for an alarm without an argument.
    boolean cancel(String name);

    /// When it will fire; empty: it is not set.
    Optional<Instant> due(String name, Object argument);

    /// The same for an alarm without an argument.
    Optional<Instant> due(String name);
}
