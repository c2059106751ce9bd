package plumb.postgres;

/// The fence for whoever writes through a connection that is not a lane's: the container's transactions.
public final class FenceSql {
    /// As the lane's fence, for one tenure: no row, no tenure. `FOR SHARE` conflicts with the takeover's UPDATE of
    /// the epoch, and a row that changed while this waited is judged again. Native, because providers render a
    /// pessimistic read as FOR UPDATE, which would make all writers of a range queue. Parameters: application name,
    /// range, owner (text), epoch. The first column is the transaction's id, as text.
    public static final String ONE_TENURE = """
            select cast(pg_current_xact_id() as text), set_config('application_name', ?1, false)
              from plumb.range_lease r
              join plumb.instance i on i.instance_id = r.owner and i.lineage = plumb.lineage()
             where r.range_id = ?2 and r.owner = cast(?3 as uuid) and r.epoch = ?4
               for share of r""";

    /// The id of the transaction that asks, as text; null if it has written and locked nothing.
    public static final String CURRENT_TRANSACTION = "select cast(pg_current_xact_id_if_assigned() as text)";

    private FenceSql() {}
}
