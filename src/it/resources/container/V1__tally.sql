create table tally_event (
  event_id bigint generated always as identity primary key,
  tally text not null,
  amount int not null,
  xid xid8 not null default pg_current_xact_id(),
  range_id int,
  epoch bigint
);
create index on tally_event (tally);
create table tally_note (
  tally text primary key,
  note text not null
);
