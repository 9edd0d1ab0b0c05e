-- The fixed floor: the least statement that honestly does each operation, with nothing of ours in it: no tenants, no
-- events, no audit, no stored answers. `floor-server.ts` sends these as they are and `pgbench.ts` with expressions for
-- the parameters. A part starts with `-- part: NAME` and is one statement, except the set-up.

-- part: setup
create schema floor;
create table floor.customers (
  id text collate "C" primary key,
  external_id text collate "C" unique,
  email text not null,
  full_name text,
  tax_document text,
  address jsonb,
  timezone text not null,
  metadata jsonb not null,
  search_text text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index customers_newest on floor.customers (created_at desc, id desc);
-- The floor searches as well; an index that a later operation needs is paid for by the writes before it.
create index customers_search on floor.customers using gin (search_text public.gin_trgm_ops);
create table floor.answers (key text collate "C" primary key, body text not null);

-- part: fill
insert into floor.customers
select id, external_id, email, full_name, tax_document, address, timezone, metadata, search_text, created_at, updated_at
from commet.customers where environment_id = $1;

-- part: create
insert into floor.customers (id, external_id, email, full_name, timezone, metadata, search_text, created_at, updated_at)
values ($1, $2, $3, $4, 'UTC', $5, $6, $7, $7);

-- part: get
select id, external_id, email, full_name, tax_document, address, timezone, metadata, created_at, updated_at
from floor.customers where id = $1;

-- part: list
select row_to_json(page)::text as customer from (
  select id, external_id, email, full_name, tax_document, address, timezone, metadata, created_at, updated_at
  from floor.customers order by created_at desc, id desc limit 26
) as page;

-- part: batch
insert into floor.customers (id, external_id, email, full_name, timezone, metadata, search_text, created_at, updated_at)
select id, external_id, email, full_name, 'UTC', metadata, search_text, $2, $2
from json_to_recordset($1) as c (id text, external_id text, email text, full_name text, metadata jsonb, search_text text);

-- part: search
select id, external_id, email, full_name, tax_document, address, timezone, metadata, created_at, updated_at
from floor.customers where search_text like $1 order by created_at desc, id desc limit 26;

-- part: recreate
with added as (
  insert into floor.customers (id, external_id, email, timezone, metadata, search_text, created_at, updated_at)
  select $1, $2, $3, 'UTC', '{}', $4, $5, $5 where not exists (select from floor.customers where external_id = $2)
  on conflict (external_id) do nothing
  returning id, external_id, email, full_name, tax_document, address, timezone, metadata, created_at, updated_at
)
select * from added
union all
select id, external_id, email, full_name, tax_document, address, timezone, metadata, created_at, updated_at
from floor.customers where external_id = $2;

-- part: replay
select body from floor.answers where key = $1;
