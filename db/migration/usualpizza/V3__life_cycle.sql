-- From the oven to the door: what becomes of an order, who is told when it is late, and what it takes from the store room. Orders stay
-- what they are, snapshots; a version of the application that does not know these tables goes on beside one that does (it sells without
-- looking at the stock, and its orders are never late).

-- What happened to an order, written by the customer's owner and never changed. The stage of an order is its furthest event.
create table usualpizza.order_event (
    order_id    uuid        not null,
    customer_id uuid        not null,
    seq         bigint      not null,                                                  -- the order's
    kind        text        not null check (kind in ('PREPARING', 'BAKED', 'OUT', 'DELIVERED', 'CANCELLED')),
    at          timestamptz not null,
    range_id    int         not null,                                                  -- the tenure that wrote it, for the audit
    epoch       bigint      not null,
    primary key (order_id, kind)                                                       -- nothing happens twice
);
create index order_event_of_customer on usualpizza.order_event (customer_id, seq) include (kind, at);
create index order_event_at on usualpizza.order_event using brin (at);

-- Orders that were not delivered by the time they were expected: for whoever makes up for it. One row each, however often the alarm fires.
create table usualpizza.escalation (
    order_id    uuid        primary key,
    customer_id uuid        not null,
    expected_at timestamptz not null,
    at          timestamptz not null,
    range_id    int         not null,
    epoch       bigint      not null
);
create index escalation_at on usualpizza.escalation (at);                              -- the newest first

-- An order and how far it is, as a customer is loaded: one query, in which only the furthest event of each order travels.
create view usualpizza.order_now as
select o.order_id, o.customer_id, o.seq, o.request_id, o.fingerprint, o.address_line, o.pizza, o.ingredients, o.price,
       o.placed_at, o.expected_at,
       coalesce(furthest.kind, 'PLACED') as stage,
       coalesce(furthest.at, o.placed_at) as since,
       late.order_id is not null as late
  from usualpizza.customer_order o
  left join lateral (
       select e.kind, e.at from usualpizza.order_event e
        where e.customer_id = o.customer_id and e.seq = o.seq
        order by array_position(array['PREPARING', 'BAKED', 'OUT', 'DELIVERED', 'CANCELLED'], e.kind) desc limit 1) furthest on true
  left join usualpizza.escalation late on late.order_id = o.order_id;

insert into plumb.audited_table (name, key_column, time_column) values
    ('usualpizza.order_event', 'order_id', 'at'),
    ('usualpizza.escalation', 'order_id', 'at');

insert into plumb.audit_query (name, query) values
    ('order-steps',
     $$select e.order_id as subject, string_agg(e.kind, ', ' order by e.at) as detail
         from usualpizza.order_event e
         cross join lateral (select array_position(array['PREPARING', 'BAKED', 'OUT', 'DELIVERED'], e.kind) as step) s
        where e.order_id in (select r.order_id from usualpizza.order_event r where r.at >= $1)
        group by e.order_id
       having count(s.step) <> coalesce(max(s.step), 0)                         -- a step was left out
           or bool_or(e.kind = 'CANCELLED') and max(s.step) > 1$$);             -- cancelled too late

-- Portions in the store room. Instances take them by trays, so what lies on their trays is not counted here. A wholesaler delivers, and
-- only truffles can run out.
update usualpizza.ingredient set stock = 100000000;
insert into usualpizza.ingredient (name, price, stock) values ('truffle', 9.00, 12);
