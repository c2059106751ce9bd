package usualpizza;

import org.jspecify.annotations.Nullable;

/// How far an order is. One step follows the other, from placed to delivered; cancelled is the other end. The names
/// stand in the tables.
enum Stage {
    PLACED,
    PREPARING,
    BAKED,
    OUT,
    DELIVERED,
    CANCELLED;

    /// @return null: nothing comes after it
    @Nullable
    Stage next() {
        return switch (this) {
            case PLACED -> PREPARING;
            case PREPARING -> BAKED;
            case BAKED -> OUT;
            case OUT -> DELIVERED;
            case DELIVERED, CANCELLED -> null;
        };
    }

    /// Somebody still waits for the pizza.
    boolean isOpen() {
        return next() != null;
    }

    /// The kitchen has it, or will.
    boolean isInKitchen() {
        return this == PLACED || this == PREPARING || this == BAKED;
    }

    boolean canBeCancelled() {
        return this == PLACED || this == PREPARING;
    }
}
