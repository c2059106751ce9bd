package bench.baseline;

import java.util.UUID;

/// As the real service answers.
public record CustomerView(
        UUID id, String name, CustomerBody.Address address, CustomerBody.Choice usual, long version) {}
