-- What requests did, for domains whose own rows do not know their request's id (plumb.Once): written by the key's owner in the commit
-- of the effect, found by the next owner, forgotten after a while. The primary key is the last guard against a second effect.
create table plumb.request (
    domain      text        not null,
    key         text        not null,
    request_id  text        not null,
    fingerprint text        not null,                            -- of the request's body: the same id with another body is an error
    answer      text        not null check (length(answer) <= 65536),
    at          timestamptz not null default clock_timestamp(),
    range_id    int         not null,                            -- the tenure that wrote it, for the audit
    epoch       bigint      not null,
    primary key (domain, key, request_id)
);
create index request_newest on plumb.request (domain, key, at);  -- read at each load
create index request_at on plumb.request (at);                   -- the audit, and what is to be forgotten

insert into plumb.audited_table (name, key_column, time_column) values ('plumb.request', 'request_id', 'at');
