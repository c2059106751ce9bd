package plumb.postgres;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import plumb.commit.Unit;
import plumb.commit.Write;

/// Binds the types that [plumb.Statement] lists.
final class Parameters {
    private static final Set<Class<?>> UNCHANGED =
            Set.of(UUID.class, Integer.class, Long.class, Double.class, Boolean.class, LocalDate.class);

    private Parameters() {}

    /// @throws IllegalArgumentException if a component's type is none of those
    static void bind(PreparedStatement statement, Unit unit, Write write) throws SQLException {
        @Nullable Object[] values = write.statement().bind(write.row(), name -> engine(unit, name));
        for (int i = 0; i < values.length; i++) set(statement, i + 1, values[i]);
    }

    private static Object engine(Unit unit, String name) {
        return switch (name) {
            case "range" -> unit.tenure().range().value();
            case "epoch" -> unit.tenure().epoch().value();
            default -> throw new IllegalArgumentException("nobody binds :" + name);
        };
    }

    private static void set(PreparedStatement statement, int index, @Nullable Object value) throws SQLException {
        switch (value) {
            case null -> statement.setNull(index, Types.NULL);
            case Instant instant -> statement.setObject(index, instant.atOffset(ZoneOffset.UTC));
            case Enum<?> constant -> statement.setString(index, constant.name());
            case List<?> list ->
                statement.setArray(index, statement.getConnection().createArrayOf("text", list.toArray()));
            case BigDecimal number -> statement.setBigDecimal(index, number);
            case byte[] bytes -> statement.setBytes(index, bytes);
            case String text -> statement.setString(index, text);
            default -> {
                if (!UNCHANGED.contains(value.getClass()))
                    throw new IllegalArgumentException("no type for a parameter: " + value.getClass());
                statement.setObject(index, value);
            }
        }
    }
}
