-- Each new order is looked at by itself: the one before it is there. Whoever counts the orders of all who have ordered lately reads nearly
-- the whole table every minute.
update plumb.audit_query set query =
     $$select o.customer_id as subject, 'order ' || o.seq || ' has none before it' as detail
         from usualpizza.customer_order o
        where o.placed_at >= $1 and o.seq > 1
          and not exists (select from usualpizza.customer_order before
                           where before.customer_id = o.customer_id and before.seq = o.seq - 1)$$
 where name = 'order-sequence';
