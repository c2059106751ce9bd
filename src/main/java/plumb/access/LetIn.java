package plumb.access;

import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import plumb.ownership.Decision;
import plumb.postgres.People;

/// Lets people in and keeps them out. Other instances know within seconds. Blocks for the database.
@Dependent
public class LetIn {
    private static final Duration TOKEN = Duration.ofDays(365);

    private final People people;
    private final Doorkeeper doorkeeper;

    @Inject
    public LetIn(People people, Doorkeeper doorkeeper) {
        this.people = people;
        this.doorkeeper = doorkeeper;
    }

    public List<People.Row> all() {
        return people.all();
    }

    /// @param password null: none, or as it was
    public void put(String name, Role role, @Nullable String password, Decision decision) {
        people.put(name, role.inTable(), password == null ? null : Passwords.hash(password), decision);
        doorkeeper.forgetAll();
    }

    /// @return false: there is nobody of that name
    public boolean remove(String name, Decision decision) {
        boolean removed = people.remove(name, decision);
        doorkeeper.forgetAll();
        return removed;
    }

    /// A new token for a script.
    ///
    /// @return empty: there is nobody of that name
    public Optional<String> token(String name) {
        return people.find(name)
                .flatMap(row -> Role.of(row.role()))
                .map(role -> doorkeeper.token(new Caller(name, role), "script", TOKEN));
    }
}
