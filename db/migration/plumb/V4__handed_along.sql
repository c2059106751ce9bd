-- What travels with a range in the transaction that moves it: what only memory knew of a key, or (state null) only that the key
-- was in memory, so that the new owner loads it before somebody asks. Means nothing in any other epoch.
create table plumb.handed_along (
    range_id int    not null,
    epoch    bigint not null,
    key      text   not null,
    state    text   check (length(state) <= 65536),
    primary key (range_id, epoch, key)
);
