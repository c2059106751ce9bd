-- Which history this database tells: the cluster and its timeline. A failover to a replica begins another timeline, and may have
-- forgotten commits: what an incarnation of the old one was granted, and holds in memory, may never have happened. So each
-- incarnation is bound to the history in which it registered; in another one its fence finds nothing and its renewal fails.
create function plumb.lineage() returns text
    language sql stable
as $$
    select c.system_identifier::text || '/'
           || substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 1, 8)
      from pg_catalog.pg_control_system() c
$$;

alter table plumb.instance add column lineage text;
update plumb.instance set lineage = plumb.lineage();
alter table plumb.instance
    alter column lineage set default plumb.lineage(),
    alter column lineage set not null;
