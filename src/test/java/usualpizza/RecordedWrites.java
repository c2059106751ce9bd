package usualpizza;

import java.util.ArrayList;
import java.util.List;
import plumb.Statement;
import plumb.Writes;

/// Keeps what was to be written.
final class RecordedWrites implements Writes {
    final List<Record> rows = new ArrayList<>();
    boolean failing;

    @Override
    public <P extends Record> Written add(Statement<P> statement, P row) {
        if (failing) throw new IllegalStateException("as told to");
        statement.bind(row, name -> 1); // fails where the statement and its record do not fit
        rows.add(row);
        return () -> 1;
    }

    <P extends Record> List<P> of(Class<P> type) {
        return rows.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
