package bench;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/// A service with the same REST interface as the others.
///
/// @param path of its resources
/// @param owners numbers of the instances that own the customers; empty: nobody owns them
record Contender(String name, Servers servers, String path, Map<UUID, Integer> owners) {
    /// Which instance is asked.
    enum Door {
        ANY,
        OWNERS,
        OTHERS
    }

    boolean hasOwners() {
        return !owners.isEmpty();
    }

    String customer(UUID id, Door door, ThreadLocalRandom random) {
        return servers.instances().get(number(id, door, random)).url() + path + "/customers/" + id;
    }

    private int number(UUID id, Door door, ThreadLocalRandom random) {
        int size = servers.instances().size();
        return switch (door) {
            case ANY -> random.nextInt(size);
            case OWNERS -> owners.get(id);
            case OTHERS -> (owners.get(id) + 1 + random.nextInt(size - 1)) % size;
        };
    }

    double serverCpu() {
        return servers.serverCpu();
    }

    double postgresCpu() {
        return servers.postgresCpu();
    }
}
