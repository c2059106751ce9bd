package bench.baseline;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/// As the real service answers.
public record OrderView(
        UUID id,
        long seq,
        CustomerBody.Address address,
        String pizza,
        List<String> ingredients,
        String price,
        String placedAt,
        String expectedAt,
        String stage,
        boolean late) {
    static OrderView of(
            UUID id,
            long seq,
            String addressLine,
            String pizza,
            String ingredients,
            BigDecimal price,
            Instant placedAt,
            Instant expectedAt) {
        return new OrderView(
                id,
                seq,
                new CustomerBody.Address(addressLine),
                pizza,
                List.of(ingredients.split(",")),
                price.toPlainString(),
                placedAt.toString(),
                expectedAt.toString(),
                "PLACED",
                false);
    }
}
