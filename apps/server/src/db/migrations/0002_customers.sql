-- Customers. A deleted customer keeps its row for the history, invisible to the API, and its user ID is free.

create table customers (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  external_id text collate "C",
  email text not null,
  email_folded text collate "C" not null,
  full_name text,
  tax_document text,
  address jsonb,
  timezone text not null,
  metadata jsonb not null,
  search_text text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  deleted_at timestamptz,
  primary key (environment_id, id)
);

create unique index customers_user_id on customers (environment_id, external_id) where deleted_at is null;
create index customers_newest on customers (environment_id, created_at desc, id desc) where deleted_at is null;
create index customers_of_email on customers (environment_id, email_folded, created_at desc, id desc)
  where deleted_at is null;
create index customers_search on customers using gin (environment_id, search_text gin_trgm_ops)
  where deleted_at is null;
create index customers_metadata on customers using gin (environment_id, metadata jsonb_path_ops)
  where deleted_at is null;

alter table customers enable row level security;
create policy tenant on customers to commet_app using (environment_id = current_environment());
grant select, insert, update on customers to commet_app;

-- Search and metadata filters. Under row-level security neither LIKE nor @> may use an index, so this one function
-- runs as the owner and keeps to the environment that the transaction has entered, which no argument can change.
-- `metadata` is a list of conditions that must all hold, each a list of objects of which one must be contained.
create function find_customers(
  pattern text,
  metadata jsonb,
  external_id text,
  email_folded text,
  created_after timestamptz,
  created_before timestamptz,
  direction text,
  after_created_at timestamptz,
  after_id text,
  at_most integer
) returns setof customers
  language plpgsql stable security definer
  set search_path = commet, pg_temp
as $$
declare
  environment text := current_environment();
  conditions text := 'environment_id = $1 and deleted_at is null';
  comparison text := case direction when 'asc' then '>' when 'desc' then '<' end;
begin
  if environment is null or comparison is null then
    return;
  end if;
  if pattern is not null then
    conditions := conditions || ' and search_text like $2';
  end if;
  if metadata is not null then
    conditions := conditions || (
      select string_agg(' and (' || alternatives.condition || ')', '' order by entry.ordinality)
      from jsonb_array_elements(metadata) with ordinality as entry,
      lateral (
        select string_agg(format('metadata @> %L::jsonb', alternative), ' or ') as condition
        from jsonb_array_elements(entry.value) as alternative
      ) as alternatives
    );
  end if;
  if external_id is not null then
    conditions := conditions || ' and external_id = $3';
  end if;
  if email_folded is not null then
    conditions := conditions || ' and email_folded = $4';
  end if;
  if created_after is not null then
    conditions := conditions || ' and created_at > $5';
  end if;
  if created_before is not null then
    conditions := conditions || ' and created_at < $6';
  end if;
  if after_id is not null then
    conditions := conditions || format(' and (created_at, id) %s ($7, $8)', comparison);
  end if;
  return query execute format(
    'select * from customers where %s order by created_at %s, id %s limit $9', conditions, direction, direction
  ) using environment, pattern, external_id, email_folded, created_after, created_before,
    after_created_at, after_id, at_most;
end
$$;
revoke execute on function
  find_customers(text, jsonb, text, text, timestamptz, timestamptz, text, timestamptz, text, integer) from public;
grant execute on function
  find_customers(text, jsonb, text, text, timestamptz, timestamptz, text, timestamptz, text, integer) to commet_app;
