-- Durable timers of keys (plumb.Alarm): written by the key's owner in the commit of the request that sets them, deleted in the commit
-- of what their method writes. So one that is here has not had its effect yet.
create table plumb.alarm (
    domain   text        not null,
    key      text        not null,
    name     text        not null,                               -- of the domain's method
    argument text        not null check (length(argument) <= 200), -- empty: it takes none
    slot     bigint      not null,                               -- the key's, so that its range's owner is found
    due      timestamptz not null,
    attempts int         not null,                               -- that failed; each puts it off
    at       timestamptz not null default clock_timestamp(),
    range_id int         not null,                               -- the tenure that wrote it, for the audit
    epoch    bigint      not null,
    primary key (domain, key, name, argument)                    -- read at each load of a domain that has alarms
) with (fillfactor = 80, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000); -- most are deleted soon
create index alarm_due on plumb.alarm (due);
create index alarm_at on plumb.alarm using brin (at);            -- the audit

insert into plumb.audited_table (name, key_column, time_column) values ('plumb.alarm', 'key', 'at');
