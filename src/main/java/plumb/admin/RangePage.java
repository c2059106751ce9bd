package plumb.admin;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.ownership.LeaseTableException;
import plumb.postgres.LeaseHistory;

/// Behind `/admin/range.xhtml`: one range now, and who owned its keys before. One request, one read; it holds nothing.
@Named
@RequestScoped
public class RangePage {
    @Inject
    SnapshotReader reader;

    @Inject
    LeaseHistory history;

    @Inject
    InstantSource time;

    private @Nullable String id;
    private @Nullable RangeLine range;
    private @Nullable String problem;
    private Past past = Past.NONE;
    private List<String> takers = List.of();

    /// As it was typed.
    public @Nullable String getId() {
        return id;
    }

    public void setId(@Nullable String id) {
        this.id = id;
    }

    /// When the parameter is known.
    public void read() {
        try {
            Snapshot snapshot = reader.read();
            RangeLine found = snapshot.ranges().stream()
                    .filter(one -> Integer.toString(one.id()).equals(id))
                    .findFirst()
                    .orElse(null);
            if (found == null) {
                problem = (id == null ? "Which range?" : "There is no range " + id + ".")
                        + " Splits make new ones, and merges end one of two.";
                return;
            }
            range = found;
            past = Past.of(
                    history.of(found.domain(), found.slots(), Past.MOST_GRANTS), snapshot.names(), time.instant());
            takers = snapshot.names().stream()
                    .filter(name -> !name.equals(found.owner()))
                    .toList();
        } catch (LeaseTableException e) {
            problem = "The database does not answer. " + e.getMessage();
        }
    }

    /// Null: all is well.
    public @Nullable String getProblem() {
        return problem;
    }

    public @Nullable RangeLine getRange() {
        return range;
    }

    public Past getPast() {
        return past;
    }

    /// To whom it could go.
    public List<String> getTakers() {
        return takers;
    }
}
