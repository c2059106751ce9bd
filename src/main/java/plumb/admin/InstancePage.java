package plumb.admin;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import plumb.ownership.LeaseTableException;
import plumb.postgres.LeaseHistory;

/// Behind `/admin/instance.xhtml`: one instance now, and what it was given before. One request, one read; it holds
/// nothing.
@Named
@RequestScoped
public class InstancePage {
    @Inject
    SnapshotReader reader;

    @Inject
    LeaseHistory history;

    @Inject
    InstantSource time;

    private @Nullable String name;
    private @Nullable InstanceLine instance;
    private @Nullable String problem;
    private Snapshot snapshot = new Snapshot(List.of(), List.of());
    private int from;
    private Past past = Past.NONE;

    public @Nullable String getName() {
        return name;
    }

    public void setName(@Nullable String name) {
        this.name = name;
    }

    /// When the parameter is known.
    public void read() {
        try {
            snapshot = reader.read();
            instance = snapshot.instances().stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElse(null);
            if (instance == null) {
                problem = name == null ? "Which instance?" : "There is no live instance " + name + ".";
                return;
            }
            past = Past.of(history.ofInstance(instance.name(), Past.MOST_GRANTS), snapshot.names(), time.instant());
        } catch (LeaseTableException e) {
            problem = "The database does not answer. " + e.getMessage();
        }
    }

    /// Null: all is well.
    public @Nullable String getProblem() {
        return problem;
    }

    public @Nullable InstanceLine getInstance() {
        return instance;
    }

    /// Some of its ranges, a page of them.
    public Paging<RangeLine> getRanges() {
        return new Paging<>(own(), from);
    }

    public int getFrom() {
        return from;
    }

    public void setFrom(int from) {
        this.from = Math.max(0, from);
    }

    private List<RangeLine> own() {
        return snapshot.ranges().stream().filter(range -> isMe(range.owner())).toList();
    }

    /// How many of its ranges are on their way to others.
    public long getGoing() {
        return own().stream().filter(range -> range.target() != null).count();
    }

    /// How many are on their way to it.
    public long getComing() {
        return snapshot.ranges().stream().filter(range -> isMe(range.target())).count();
    }

    private boolean isMe(@Nullable String other) {
        return other != null && other.equals(name);
    }

    public List<Bar> getMaps() {
        return snapshot.maps();
    }

    public Past getPast() {
        return past;
    }
}
