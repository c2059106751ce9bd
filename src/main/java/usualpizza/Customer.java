package usualpizza;

import java.util.UUID;

/// A customer as everybody sees it.
///
/// @param version 1 when created, one more with each change; the entity tag
public record Customer(UUID id, String name, Address address, Choice usual, long version) {
    Customer at(Address other) {
        return new Customer(id, name, other, usual, version + 1);
    }

    Customer preferring(Choice other) {
        return new Customer(id, name, address, other, version + 1);
    }
}
