package plumb.ownership;

class InMemoryLeaseTableTest extends LeaseTableContract {
    private final InMemoryLeaseTable table = new InMemoryLeaseTable();
    private final Heartbeat heartbeat = table.heartbeat();

    @Override
    protected LeaseTable table() {
        return table;
    }

    @Override
    protected Heartbeat heartbeat() {
        return heartbeat;
    }
}
