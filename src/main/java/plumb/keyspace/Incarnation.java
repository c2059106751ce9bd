package plumb.keyspace;

import java.util.UUID;

/// One life of an instance: new at every start and after every self-fence, never reused.
public record Incarnation(UUID id) {
    @Override
    public String toString() {
        return id.toString();
    }
}
