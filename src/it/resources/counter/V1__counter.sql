create table counter.counter (
    counter  text   primary key,
    total    bigint not null,
    range_id int    not null,                                    -- the tenure that wrote it, for the audit
    epoch    bigint not null
);

insert into plumb.audited_table (name, key_column, time_column) values ('counter.counter', 'counter', null);
