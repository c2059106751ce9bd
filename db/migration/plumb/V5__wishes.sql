-- What the owner of a range is asked to do with it, beside an offer (target): to split it, or to merge it with the next one. One
-- wish at a time; whatever raises the epoch ends it. A pinned range stays where it is while its owner does.
alter table plumb.range_lease
    add column split_at   bigint,
    add column merge_next boolean not null default false,
    add column pinned     boolean not null default false,
    add constraint range_lease_split_at check (split_at > lo and split_at < hi),
    add constraint range_lease_one_wish check (num_nonnulls(target, split_at) + merge_next::int <= 1);

create function plumb.range_lease_wish_ends() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    new.split_at := null;
    new.merge_next := false;
    return new;
end
$$;

create trigger range_lease_wish_ends
    before update on plumb.range_lease
    for each row when (new.epoch <> old.epoch) execute function plumb.range_lease_wish_ends();

-- Who wished what, and why: one row for each, in the transaction of the wish.
create table plumb.decision (
    decision_id bigint      primary key generated always as identity,
    at          timestamptz not null default clock_timestamp(),
    made_by     text        not null,
    kind        text        not null,
    range_id    int,                                    -- null: it is about the whole cluster
    epoch       bigint,
    detail      text,
    reason      text        not null
);
create index decision_at on plumb.decision (at);
