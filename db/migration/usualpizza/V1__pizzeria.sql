-- The Usual Pizza: the menu, who orders, and what they ordered. Names are qualified, because nothing here may depend on a session's
-- search_path. No foreign key leads from orders to customers or to the menu: each insert would lock (and so rewrite) the row that it
-- refers to, and the one handler that may write a customer's rows has checked both in memory.

-- Reference data: read into memory by every instance, changed by hand or by a migration.
create table usualpizza.ingredient (
    name  text          primary key check (name ~ '^[a-z][a-z0-9-]{0,39}$'),   -- no comma: lists of them are joined by one
    price numeric(6, 2) not null check (price >= 0),
    stock int           not null check (stock >= 0)
);

create table usualpizza.pizza (
    name       text          primary key check (name ~ '^[a-z][a-z0-9-]{0,39}$'),
    base_price numeric(6, 2) not null check (base_price >= 0)                  -- dough and oven; what is on it comes on top
);

create table usualpizza.pizza_ingredient (
    pizza      text not null references usualpizza.pizza,
    position   int  not null check (position >= 0),                            -- from 0, without gaps
    ingredient text not null references usualpizza.ingredient,
    primary key (pizza, position)
);

-- One row per customer, written only by the customer's owner. Lists of ingredients are text joined by commas: what every provider of
-- Jakarta Persistence can read (string_to_array(ingredients, ',') in SQL).
create table usualpizza.customer (
    customer_id       uuid   primary key,
    name              text   not null,
    address_line      text   not null,
    usual_pizza       text   not null,
    usual_ingredients text   not null,
    version           bigint not null check (version > 0),                     -- the ETag
    range_id          int    not null,                                         -- the tenure of the last writer, for the audit
    epoch             bigint not null
) with (fillfactor = 80);                                                      -- updates stay on their page

-- One row per order; a snapshot, never changed by what the customer or the menu becomes later.
create table usualpizza.customer_order (
    order_id     uuid          primary key,
    customer_id  uuid          not null,
    seq          bigint        not null check (seq > 0),                       -- from 1 per customer, without gaps
    request_id   text          not null,
    fingerprint  text          not null,                                       -- of the request's body: the same id with another body is an error
    address_line text          not null,
    pizza        text          not null,
    ingredients  text          not null,
    price        numeric(8, 2) not null check (price >= 0),
    placed_at    timestamptz   not null,
    expected_at  timestamptz   not null,
    range_id     int           not null,                                       -- the tenure that wrote it, for the audit
    epoch        bigint        not null,
    unique (customer_id, seq),                                                 -- the newest first; a gap or a double cannot hide
    unique (customer_id, request_id)                                           -- however often a request is repeated, one order
);

insert into usualpizza.ingredient (name, price, stock) values
    ('tomato',         1.00, 500),
    ('mozzarella',     1.50, 500),
    ('basil',          0.50, 300),
    ('buffalo-mozzarella', 2.80, 120),
    ('oregano',        0.30, 300),
    ('garlic',         0.40, 300),
    ('salami',         1.80, 200),
    ('ham',            1.70, 200),
    ('mushrooms',      1.20, 250),
    ('artichokes',     1.60, 150),
    ('olives',         1.00, 250),
    ('anchovies',      1.50, 120),
    ('capers',         0.80, 200),
    ('chili',          0.40, 200),
    ('onions',         0.60, 300),
    ('tuna',           1.90, 150),
    ('gorgonzola',     1.70, 120),
    ('parmesan',       1.40, 200),
    ('fontina',        1.60, 120),
    ('rocket',         0.90, 150),
    ('prosciutto',     2.40, 150),
    ('aubergine',      1.20, 150),
    ('courgette',      1.10, 150),
    ('peppers',        1.10, 200);

insert into usualpizza.pizza (name, base_price) values
    ('margherita',         5.00),
    ('marinara',           5.00),
    ('bufala',             5.50),
    ('diavola',            5.50),
    ('funghi',             5.00),
    ('capricciosa',        5.50),
    ('quattro-formaggi',   5.50),
    ('tonno',              5.50),
    ('napoli',             5.00),
    ('prosciutto-e-rucola', 5.50),
    ('ortolana',           5.00);

insert into usualpizza.pizza_ingredient (pizza, position, ingredient)
select menu.pizza, listed.position - 1, listed.ingredient
from (values
    ('margherita',          array['tomato', 'mozzarella', 'basil']),
    ('marinara',            array['tomato', 'garlic', 'oregano']),
    ('bufala',              array['tomato', 'buffalo-mozzarella', 'basil']),
    ('diavola',             array['tomato', 'mozzarella', 'salami', 'chili']),
    ('funghi',              array['tomato', 'mozzarella', 'mushrooms']),
    ('capricciosa',         array['tomato', 'mozzarella', 'ham', 'mushrooms', 'artichokes', 'olives']),
    ('quattro-formaggi',    array['mozzarella', 'gorgonzola', 'parmesan', 'fontina']),
    ('tonno',               array['tomato', 'mozzarella', 'tuna', 'onions']),
    ('napoli',              array['tomato', 'mozzarella', 'anchovies', 'capers']),
    ('prosciutto-e-rucola', array['tomato', 'mozzarella', 'prosciutto', 'rocket', 'parmesan']),
    ('ortolana',            array['tomato', 'mozzarella', 'aubergine', 'courgette', 'peppers'])
) as menu (pizza, ingredients)
cross join lateral unnest(menu.ingredients) with ordinality as listed (ingredient, position);
