package plumb;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One SQL statement with named parameters (`:customer`), declared once by a domain, and the record that binds them by
/// component name. The engine itself binds `:range` and `:epoch` (the tenure, so that rows can be audited).
///
/// Component types: `UUID`, `String`, `int`, `long`, `double`, `boolean`, `BigDecimal`, `Instant`, `LocalDate`,
/// `byte[]`, `List<String>` (a `text[]`), enums (their name), or the boxed forms; null binds SQL null. Cast in the SQL
/// where Postgres cannot guess (`:body::jsonb`). The operators `?`, `?|` and `?&` are written as they are; comments are
/// not nested.
///
/// @param <P> the parameter record
@SuppressWarnings("UnusedTypeParameter") // it ties a statement to its record where both are given, in Writes.add
public final class Statement<P extends Record> {
    /// What is to be replaced, and before it whatever may contain something that only looks like it. A doubled quote is
    /// the end of one text and the beginning of the next; only where a backslash escapes is that not the same.
    private static final Pattern TOKENS = Pattern.compile(String.join(
            "|",
            "(?<![\\w$])[eE]'(?:[^'\\\\]++|\\\\[\\s\\S]|'')*+'",
            "'[^']*+'",
            "\"[^\"]*+\"",
            "(?<![\\w$])\\$(?<tag>(?:[a-zA-Z_]\\w*+)?)\\$[\\s\\S]*?\\$\\k<tag>\\$",
            "--[^\\n]*+",
            "/\\*[\\s\\S]*?\\*/",
            "::",
            "(?<operator>\\?)",
            ":(?<name>[a-zA-Z_]\\w*+)"));

    private static final Set<String> BOUND_BY_ENGINE = Set.of("range", "epoch");

    private final String sql;
    private final List<String> names;
    private final Map<String, Method> accessors;

    private Statement(String sql, List<String> names, Map<String, Method> accessors) {
        this.sql = sql;
        this.names = names;
        this.accessors = accessors;
    }

    /// @throws IllegalArgumentException if the SQL names a parameter that the record lacks
    public static <P extends Record> Statement<P> of(Class<P> parameters, String sql) {
        var names = new ArrayList<String>();
        String jdbc = positional(sql, names);
        var accessors = new HashMap<String, Method>();
        for (RecordComponent component : parameters.getRecordComponents()) {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            accessors.put(component.getName(), accessor);
        }
        for (String name : names)
            if (!accessors.containsKey(name) && !BOUND_BY_ENGINE.contains(name))
                throw new IllegalArgumentException(
                        parameters.getSimpleName() + " has no component for :" + name + " in: " + sql);
        return new Statement<>(jdbc, List.copyOf(names), Map.copyOf(accessors));
    }

    /// The text with `?` in place of the names.
    public String sql() {
        return sql;
    }

    /// The values in the order of the `?`.
    ///
    /// @param engine gives the values of `range` and `epoch`
    public @Nullable Object[] bind(Record row, Function<String, Object> engine) {
        var values = new @Nullable Object[names.size()];
        for (int i = 0; i < values.length; i++) {
            String name = names.get(i);
            Method accessor = accessors.get(name);
            values[i] = accessor == null ? engine.apply(name) : read(accessor, row);
        }
        return values;
    }

    private static @Nullable Object read(Method accessor, Record row) {
        try {
            return accessor.invoke(row);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException("cannot read " + accessor.getName() + " of " + row.getClass(), e);
        }
    }

    /// Replaces `:name` by `?`, and Postgres' own `?` by what JDBC wants for it, leaving quoted text, comments and
    /// `::casts` alone.
    private static String positional(String sql, List<String> names) {
        return TOKENS.matcher(sql).replaceAll(match -> {
            if (match.group("operator") != null) return "??";
            String name = match.group("name");
            if (name == null) return Matcher.quoteReplacement(match.group());
            names.add(name);
            return "?";
        });
    }

    @Override
    public String toString() {
        return Arrays.stream(sql.strip().split("\\s+")).limit(8).collect(Collectors.joining(" "));
    }
}
