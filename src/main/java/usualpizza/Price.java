package usualpizza;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// Money: two decimal places in the database and as a text in JSON, where a number would become binary.
final class Price {
    private Price() {}

    static String text(BigDecimal price) {
        return price.setScale(2, RoundingMode.UNNECESSARY).toPlainString();
    }
}
