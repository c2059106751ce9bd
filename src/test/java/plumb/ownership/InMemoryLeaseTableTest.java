package plumb.ownership;

class InMemoryLeaseTableTest extends LeaseTableContract {
    private final InMemoryLeaseTable table = new InMemoryLeaseTable();

    @Override
    protected LeaseTable table() {
        return table;
    }

    @Override
    protected Heartbeat heartbeat() {
        return table.heartbeat();
    }
}
