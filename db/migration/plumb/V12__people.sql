-- Who may look and who may change, on the pages and over REST. Passwords are PBKDF2; a token is random, and its SHA-256 is here.
-- Whoever has lost all passwords deletes the row of admin: the next start makes it again.
create table plumb.person (
    name     text        primary key check (name ~ '^[A-Za-z0-9._@-]{1,64}$'),
    role     text        not null check (role in ('viewer', 'operator', 'admin')),
    password text,                                      -- null: by tokens only
    made_at  timestamptz not null default clock_timestamp()
);

create table plumb.token (
    hash       bytea       primary key,
    person     text        not null references plumb.person on delete cascade,
    kind       text        not null check (kind in ('login', 'script')),
    made_at    timestamptz not null default clock_timestamp(),
    expires_at timestamptz not null
);
create index token_of_person on plumb.token (person, made_at);
