-- What the audit looks at. Nearly free: one small entry per block.
create index customer_order_placed_at on usualpizza.customer_order using brin (placed_at);

insert into plumb.audited_table (name, key_column, time_column) values
    ('usualpizza.customer_order', 'order_id', 'placed_at'),
    ('usualpizza.customer', 'customer_id', null);

insert into plumb.audit_query (name, query) values
    ('order-sequence',
     $$select o.customer_id as subject, count(*) || ' orders up to number ' || max(o.seq) as detail
         from usualpizza.customer_order o
        where o.customer_id in (select r.customer_id from usualpizza.customer_order r where r.placed_at >= $1)
        group by o.customer_id
       having count(*) <> max(o.seq)$$);
