-- What somebody wants of an instance, from wherever he is: that it gives its ranges away, or serves again. It hears of it by
-- pg_notify, and looks again after each reconnect.
create table plumb.drain_wish (
    instance_id uuid        primary key references plumb.instance on delete cascade,
    leave       boolean     not null,
    made_by     text        not null,
    reason      text        not null,
    at          timestamptz not null default clock_timestamp()
);

-- What an instance was given, for its page.
create index lease_history_of_owner on plumb.lease_history (owner, at);
