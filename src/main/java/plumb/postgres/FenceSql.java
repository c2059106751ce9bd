package plumb.postgres;

/// The fence for whoever writes through a connection that is not a lane's: the container's transactions.
public final class FenceSql {
    /// When the server last forgot its statistics, in seconds: at the latest, when it last recovered from a crash.
    static final String SINCE =
            "coalesce(cast(extract(epoch from pg_stat_get_bgwriter_stat_reset_time()) as text), '')";

    /// The transaction that asks, `<id>@<seconds>`: its id, and since when it is its own. A crash forgets the ids of
    /// those of which nothing was written yet, and gives them to others.
    static final String TRANSACTION = "cast(pg_current_xact_id() as text) || '@' || " + SINCE;

    /// As the lane's fence, for one tenure: no row, no tenure. `FOR SHARE` conflicts with the takeover's UPDATE of
    /// the epoch, and a row that changed while this waited is judged again. Native, because providers render a
    /// pessimistic read as FOR UPDATE, which would make all writers of a range queue. Parameters: application name,
    /// range, owner (text), epoch. The first column is the transaction, as [TransactionStatus] knows it.
    public static final String ONE_TENURE = "select " + TRANSACTION + """
            , set_config('application_name', ?1, false)
              from plumb.range_lease r
              join plumb.instance i on i.instance_id = r.owner and i.lineage = plumb.lineage()
             where r.range_id = ?2 and r.owner = cast(?3 as uuid) and r.epoch = ?4
               for share of r""";

    /// The id of the transaction that asks, as text; null if it has written and locked nothing.
    public static final String CURRENT_TRANSACTION = "select cast(pg_current_xact_id_if_assigned() as text)";

    private FenceSql() {}
}
