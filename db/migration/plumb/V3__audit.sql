-- The audit: a query that must return no row. A domain's migration registers its tables and its own queries.

-- Tables whose rows carry the tenure that wrote them last, in columns range_id and epoch.
create table plumb.audited_table (
    name        text primary key,                -- schema.table
    key_column  text not null,                   -- names the row in a violation
    time_column text                             -- a timestamptz of about the time of writing; null: for full audits only
);

-- A domain's own rules: a query with columns (subject text, detail text) that must return no row; $1 is the time since when to look.
create table plumb.audit_query (
    name  text primary key,
    query text not null
);

-- What has been found stays found, until somebody who knows why deletes it.
create table plumb.audit_violation (
    rule     text        not null,
    subject  text        not null,
    detail   text        not null,
    found_at timestamptz not null default clock_timestamp(),
    primary key (rule, subject)
);

create table plumb.audit_run (
    one     boolean primary key default true check (one),
    began   timestamptz not null,                -- what was written before this has been looked at
    ended   timestamptz not null,
    full_at timestamptz,                         -- when everything was looked at last
    by      text        not null,
    exact   boolean     not null
);

-- Who owned this key at that time: one look into this index.
create index lease_history_of_slot on plumb.lease_history using gist (domain, int8range(lo, hi), at);

-- Whether a write outside its owner's tenure can be seen at all.
create function plumb.audit_is_exact() returns boolean
    language sql stable
as $$ select current_setting('track_commit_timestamp')::boolean $$;

-- Reads only. Without commit timestamps (track_commit_timestamp) it sees rows of epochs that were never granted, but not a row that
-- was written after its epoch had ended.
create function plumb.violations(since timestamptz default '-infinity')
    returns table (rule text, subject text, detail text)
    language plpgsql stable
    set search_path = pg_catalog, pg_temp
as $$
declare
    audited record;
    own record;
begin
    return query
        select 'overlap', a.domain || ' ranges ' || a.range_id || ' and ' || b.range_id, 'both hold slot ' || greatest(a.lo, b.lo)
          from plumb.range_lease a
          join plumb.range_lease b on a.domain = b.domain and a.range_id < b.range_id and a.lo < b.hi and b.lo < a.hi;

    return query
        select 'gap', n.domain || ' slot ' || n.hi, 'has no range'
          from (select r.domain, r.hi, lead(r.lo) over (partition by r.domain order by r.lo) as next
                  from plumb.range_lease r
                union all
                select r.domain, 0, min(r.lo) from plumb.range_lease r group by r.domain) n
         where n.hi < coalesce(n.next, 4294967296);

    return query
        select 'history', 'range ' || r.range_id,
               'is in epoch ' || r.epoch || ', the last one granted is ' || coalesce(last.epoch::text, 'none')
          from plumb.range_lease r
          left join lateral (select max(h.epoch) as epoch from plumb.lease_history h where h.range_id = r.range_id) last on true
         where last.epoch is distinct from r.epoch;

    return query
        select 'order', 'range ' || o.range_id || ' epoch ' || o.epoch, 'follows a later one: version ' || o.v || ' after ' || o.before
          from (select h.range_id, h.epoch, h.v, h.at, lag(h.v) over (partition by h.range_id order by h.epoch) as before
                  from plumb.lease_history h) o
         where o.v < o.before and o.at >= since;

    for audited in select * from plumb.audited_table t
                    where to_regclass(t.name) is not null and (t.time_column is not null or since = '-infinity') loop
        return query execute format(
            $query$
            select 'tenure', %1$L || ' ' || o.%2$I::text,
                   'written in epoch ' || o.epoch || ' of range ' || o.range_id
                   || case when granted.epoch is null then ', which was never granted'
                           else ', which had ended at ' || ended.at end
              from %3$s o
              left join plumb.lease_history granted on granted.range_id = o.range_id and granted.epoch = o.epoch
              left join lateral (select min(h.epoch) as epoch from plumb.lease_history h
                                  where h.range_id = o.range_id) oldest on true
              left join lateral (select h.at from plumb.lease_history h
                                  where h.range_id = o.range_id and h.epoch > o.epoch
                                  order by h.epoch limit 1) ended on true
             where (%4$s)
               and (granted.epoch is null and (oldest.epoch is null or o.epoch > oldest.epoch) or %5$s)
            $query$,
            audited.name, audited.key_column, to_regclass(audited.name)::text,
            case when audited.time_column is null then 'true' else format('o.%I >= $1', audited.time_column) end,
            case when plumb.audit_is_exact() then 'pg_xact_commit_timestamp(o.xmin) > ended.at' else 'false' end)
            using since;
    end loop;

    for own in select * from plumb.audit_query loop
        return query execute format('select %L::text, q.subject::text, q.detail::text from (%s) q', own.name, own.query)
            using since;
    end loop;
end
$$;
