-- Imports of customers from CSV files: what was uploaded, how far it is, and what became of it. The rows of a file wait in
-- chunks; a chunk leaves in the commit that makes its customers, so that each row is carried out once whatever happens.

create table imports (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  file_name text not null,
  -- The columns of the file in their order: [{"name": …, "field": … or null}].
  columns jsonb not null,
  -- The first rows, to look at.
  sample jsonb not null,
  row_count integer not null,
  chunk_count integer not null,
  status text not null check (status in ('uploaded', 'checking', 'checked', 'running', 'done', 'canceled')),
  next_chunk integer not null default 0,
  processed integer not null default 0,
  created integer not null default 0,
  existed integer not null default 0,
  failed integer not null default 0,
  -- Who asked for the step that is under way, and with which request: what the audit names.
  requested_by jsonb not null,
  request_id text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz,
  -- Whoever holds the lease works on it; when it has run out, somebody else may.
  lease text,
  leased_until timestamptz,
  attempts integer not null default 0,
  worked_at timestamptz,
  primary key (environment_id, id)
);
create index imports_newest on imports (environment_id, created_at desc, id desc);
create index imports_due on imports (worked_at nulls first) where status in ('checking', 'running');

-- Up to a hundred rows of a file: [{"row": …, "cells": […]}].
create table import_chunks (
  environment_id text collate "C" not null,
  import_id text collate "C" not null,
  number integer not null,
  rows jsonb not null,
  primary key (environment_id, import_id, number),
  foreign key (environment_id, import_id) references imports on delete cascade
);

create table import_failures (
  environment_id text collate "C" not null,
  import_id text collate "C" not null,
  row_number integer not null,
  cells jsonb not null,
  errors jsonb not null,
  primary key (environment_id, import_id, row_number),
  foreign key (environment_id, import_id) references imports on delete cascade
);

-- User IDs that a dry run has met, so that it knows which rows repeat an earlier one.
create table import_user_ids (
  environment_id text collate "C" not null,
  import_id text collate "C" not null,
  user_id text collate "C" not null,
  primary key (environment_id, import_id, user_id),
  foreign key (environment_id, import_id) references imports on delete cascade
);

alter table imports enable row level security;
alter table import_chunks enable row level security;
alter table import_failures enable row level security;
alter table import_user_ids enable row level security;
create policy tenant on imports to commet_app using (environment_id = current_environment());
create policy tenant on import_chunks to commet_app using (environment_id = current_environment());
create policy tenant on import_failures to commet_app using (environment_id = current_environment());
create policy tenant on import_user_ids to commet_app using (environment_id = current_environment());
grant select, insert, update on imports to commet_app;
grant select, insert, delete on import_chunks, import_failures, import_user_ids to commet_app;

-- Takes the lease of the import that was worked on longest ago, and answers the environment it is to be carried out in: no
-- customer and no person is named. After each failure in a row the next attempt comes later, up to ten minutes.
create function take_import(new_lease text, lease_seconds integer)
  returns table (
    import_id text,
    environment_id text,
    organization_id text,
    mode text,
    simulated_time timestamptz
  )
  language sql security definer
  set search_path = commet, pg_temp
  begin atomic
    with due as (
      select i.environment_id, i.id from imports i
      where i.status in ('checking', 'running') and (i.leased_until is null or i.leased_until < now())
      order by i.worked_at nulls first
      limit 1
      for update skip locked
    ), taken as (
      update imports i set
        lease = new_lease,
        leased_until = now() + make_interval(secs => greatest(lease_seconds, least(2 ^ least(i.attempts, 10), 600))),
        attempts = i.attempts + 1,
        started_at = coalesce(i.started_at, now()),
        worked_at = now()
      from due
      where i.environment_id = due.environment_id and i.id = due.id
      returning i.environment_id, i.id
    )
    select t.id, e.id, e.organization_id, e.mode, e.simulated_time
    from taken t join environments e on e.id = t.environment_id;
  end;

-- Forgets uploads that nobody ran within a week, and reports after thirty days. Returns how many imports went.
create function purge_imports(at_most integer) returns integer
  language plpgsql security definer
  set search_path = commet, pg_temp
as $$
declare
  purged integer;
begin
  delete from imports where ctid = any (array(
    select ctid from imports
    where (status in ('uploaded', 'checked') and updated_at < now() - interval '7 days')
      or (status in ('done', 'canceled') and updated_at < now() - interval '30 days')
    limit at_most for update skip locked
  ));
  get diagnostics purged = row_count;
  return purged;
end
$$;

revoke execute on function take_import(text, integer), purge_imports(integer) from public;
grant execute on function take_import(text, integer), purge_imports(integer) to commet_worker;
