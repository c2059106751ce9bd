-- Keys that are shut out, and those under suspicion: their code ran when an instance died. Every instance knows all rows.
create table plumb.quarantine (
    domain     text        not null,
    key        text        not null,                    -- canonical
    crashes    int         not null default 0,          -- instances that died while its code ran, of late
    last_crash timestamptz,
    shut_at    timestamptz,                             -- null: under suspicion only
    cause      text        check (cause in ('failing', 'crashing')),
    detail     text,                                    -- class and place of the last failure, or the instance
    made_by    text        not null,                    -- instance that said so
    primary key (domain, key),
    constraint quarantine_has_a_cause check ((shut_at is null) = (cause is null))
);

create function plumb.quarantine_changed() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    perform pg_notify('plumb_quarantine', '');
    return null;
end
$$;

create trigger quarantine_changed
    after insert or update or delete on plumb.quarantine
    for each statement execute function plumb.quarantine_changed();
