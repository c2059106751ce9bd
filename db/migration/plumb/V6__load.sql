-- What each range costs its owner, as the owner measured it lately: rewritten in place every few seconds. Who balances reads it;
-- nothing that must hold depends on it. No reference to range_lease: it would lock rows that fences and claims need.
create table plumb.range_load (
    range_id int         primary key,
    epoch    bigint      not null,                      -- in which it was measured
    at       timestamptz not null default clock_timestamp(),
    load     float8      not null,                      -- seconds of work per second
    waiting  float8      not null,                      -- requests in mailboxes, on average
    requests float8      not null,                      -- per second
    hot      text        not null                       -- "share key" of those that stand out, a line each, keys URL-encoded
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Each round of balancing that changed something, with all that it was based on: the same snapshot gives the same plan again.
create table plumb.balance_round (
    round_id  bigint      primary key generated always as identity,
    at        timestamptz not null default clock_timestamp(),
    made_by   text        not null,
    before    float8      not null,                     -- the fullest over the mean
    after     float8      not null,                     -- the same, when the plan is done
    steps     int         not null,
    moves     int         not null,                     -- of the budget per minute
    key_space float8      not null,                     -- of the budget per hour, 1 = all of it
    note      text        not null,
    snapshot  jsonb       not null
);
create index balance_round_at on plumb.balance_round (at);
