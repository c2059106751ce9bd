-- While a row is here, no round of balancing changes anything: somebody wants the ranges to stay where they are.
create table plumb.balance_pause (
    one     boolean     primary key default true check (one),
    made_by text        not null,
    reason  text        not null,
    at      timestamptz not null default clock_timestamp()
);
