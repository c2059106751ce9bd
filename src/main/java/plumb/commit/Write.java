package plumb.commit;

import plumb.Statement;
import plumb.Writes;

/// One execution of a statement within a unit. Written by the lane after the commit, read by whoever got the reply.
public final class Write implements Writes.Written {
    private static final int NOT_COMMITTED = -1;

    private final Statement<?> statement;
    private final Record row;
    private volatile int count = NOT_COMMITTED;

    public Write(Statement<?> statement, Record row) {
        this.statement = statement;
        this.row = row;
    }

    public Statement<?> statement() {
        return statement;
    }

    public Record row() {
        return row;
    }

    /// Called once the commit returned, or got no answer: then the count is right if it turns out to be committed.
    public void committed(int rows) {
        count = rows;
    }

    @Override
    public int count() {
        int rows = count;
        if (rows == NOT_COMMITTED) throw new IllegalStateException("the count is known after the commit only");
        return rows;
    }
}
