-- The foundation: organizations, environments, keys, and what every command writes beside its own rows.
-- Every tenant table leads its keys with the environment and shows its rows only to the environment that the
-- transaction has entered. IDs are compared as bytes. Tables that grow with traffic carry no foreign key to
-- environments: row-level security checks the same on every write, without locking the one row all of them share.

create extension if not exists pg_trgm with schema public;
create extension if not exists btree_gin with schema public;

grant usage on schema commet to commet_app, commet_worker;

-- The environment of the running transaction, or null outside one: then no row is visible.
create function current_environment() returns text
  language sql stable parallel safe
  return nullif(current_setting('commet.environment_id', true), '');

create table organizations (
  id text collate "C" primary key,
  name text not null,
  api_version text,
  created_at timestamptz not null
);

create table environments (
  id text collate "C" primary key,
  organization_id text collate "C" not null references organizations (id),
  mode text not null check (mode in ('sandbox', 'live')),
  simulated_time timestamptz check (simulated_time is null or mode = 'sandbox'),
  created_at timestamptz not null,
  unique (organization_id, mode)
);

create table api_keys (
  environment_id text collate "C" not null references environments (id),
  id text collate "C" not null,
  name text not null,
  prefix text not null,
  secret_hash bytea not null unique,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (environment_id, id)
);
create index api_keys_newest on api_keys (environment_id, created_at desc, id desc) where revoked_at is null;

-- Answers kept under the caller's Idempotency-Key. Real time, whatever the environment's clock says.
create table idempotency_keys (
  environment_id text collate "C" not null,
  key text collate "C" not null,
  fingerprint bytea not null,
  status smallint not null,
  body bytea not null,
  sealed boolean not null,
  created_at timestamptz not null,
  primary key (environment_id, key)
);
create index idempotency_keys_oldest on idempotency_keys (created_at);

-- What happened, once and for ever, in the commit that made it happen. Consumers read in the order of
-- (transaction_id, sequence) up to the oldest transaction still running, and so never miss a late commit.
create table events (
  environment_id text collate "C" not null,
  transaction_id xid8 not null default pg_current_xact_id(),
  sequence bigint generated always as identity,
  id text collate "C" not null,
  type text not null,
  subject_id text collate "C" not null,
  data jsonb not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (environment_id, transaction_id, sequence)
);
create index events_of_subject on events (environment_id, subject_id, transaction_id desc, sequence desc);

-- Who changed what: the changed fields before and after. One partition a month, dropped whole when it is too old.
create table audit_entries (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  operation text not null,
  subject_id text collate "C" not null,
  actor_kind text not null,
  actor_id text,
  request_id text,
  before jsonb,
  after jsonb,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  primary key (environment_id, id, recorded_at)
) partition by range (recorded_at);
create table audit_entries_rest partition of audit_entries default;
create index audit_entries_of_subject on audit_entries (environment_id, subject_id, recorded_at desc);

alter table organizations enable row level security;
alter table environments enable row level security;
alter table api_keys enable row level security;
alter table idempotency_keys enable row level security;
alter table events enable row level security;
alter table audit_entries enable row level security;
alter table audit_entries_rest enable row level security;

create policy tenant on organizations to commet_app
  using (id = (select organization_id from environments where environments.id = current_environment()));
create policy tenant on environments to commet_app using (id = current_environment());
create policy tenant on api_keys to commet_app using (environment_id = current_environment());
create policy tenant on idempotency_keys to commet_app using (environment_id = current_environment());
create policy tenant on events to commet_app using (environment_id = current_environment());
create policy tenant on audit_entries to commet_app using (environment_id = current_environment());

grant select on organizations, environments to commet_app;
grant select, insert, update on api_keys to commet_app;
grant select, insert on idempotency_keys, events, audit_entries to commet_app;

-- The environment is not known before the key is: this one look-up sees all keys, and answers one hash only.
create function find_api_key(wanted_hash bytea)
  returns table (
    api_key_id text,
    environment_id text,
    organization_id text,
    mode text,
    simulated_time timestamptz,
    api_version text,
    expires_at timestamptz
  )
  language sql stable security definer
  set search_path = commet, pg_temp
  begin atomic
    select k.id, e.id, o.id, e.mode, e.simulated_time, o.api_version, k.expires_at
    from api_keys k
    join environments e on e.id = k.environment_id
    join organizations o on o.id = e.organization_id
    where k.secret_hash = wanted_hash and k.revoked_at is null;
  end;

-- Notes when keys were last used; the caller sends each at most once a minute.
create function record_api_key_use(hashes bytea[], used_at timestamptz) returns void
  language sql security definer
  set search_path = commet, pg_temp
  begin atomic
    update api_keys set last_used_at = used_at
    where secret_hash = any (hashes) and (last_used_at is null or last_used_at < used_at);
  end;

-- Claims an Idempotency-Key for the running transaction, or stops the transaction: CI001 when another one holds
-- the key, CI002 when an answer is stored under it. Raising keeps statements already sent behind it from running.
create function claim_idempotency_key(wanted_key text) returns void
  language plpgsql
  set search_path = commet, pg_temp
as $$
begin
  if not pg_try_advisory_xact_lock(hashtextextended(current_environment() || ':' || wanted_key, 0)) then
    raise exception 'idempotency key in use' using errcode = 'CI001';
  end if;
  if exists (select from idempotency_keys k where k.environment_id = current_environment() and k.key = wanted_key) then
    raise exception 'idempotency key known' using errcode = 'CI002';
  end if;
end
$$;

-- Forgets answers older than `before`, at most `at_most` at a time. Returns how many went.
create function purge_idempotency_keys(before timestamptz, at_most integer) returns integer
  language plpgsql security definer
  set search_path = commet, pg_temp
as $$
declare
  purged integer;
begin
  delete from idempotency_keys where ctid = any (array(
    select ctid from idempotency_keys where created_at < before order by created_at limit at_most for update skip locked
  ));
  get diagnostics purged = row_count;
  return purged;
end
$$;

-- Makes the partition of one month, unless it is there.
create function prepare_audit_month(month date) returns void
  language plpgsql security definer
  set search_path = commet, pg_temp
as $$
declare
  first_day date := date_trunc('month', month);
  partition text := 'audit_entries_' || to_char(first_day, 'YYYY_MM');
begin
  perform pg_advisory_xact_lock(hashtextextended('commet.prepare_audit_month', 0));
  if to_regclass('commet.' || partition) is not null then
    return;
  end if;
  execute format(
    'create table %I partition of audit_entries for values from (%L) to (%L)',
    partition, first_day::timestamp at time zone 'UTC', (first_day + interval '1 month') at time zone 'UTC'
  );
  execute format('alter table %I enable row level security', partition);
end
$$;

-- Makes an organization with its sandbox and its live environment. For the owner.
create function create_organization(organization_id text, name text, sandbox_id text, live_id text, at timestamptz)
  returns void
  language sql
  set search_path = commet, pg_temp
  begin atomic
    insert into organizations (id, name, created_at) values (organization_id, name, at);
    insert into environments (id, organization_id, mode, created_at)
    values (sandbox_id, organization_id, 'sandbox', at), (live_id, organization_id, 'live', at);
  end;

-- The organization of a new installation: made by the first server that starts, found by all others.
create function first_organization(
  new_organization_id text,
  new_name text,
  new_sandbox_id text,
  new_live_id text,
  at timestamptz
)
  returns table (created boolean, organization_id text, sandbox_id text, live_id text)
  language plpgsql security definer
  set search_path = commet, pg_temp
as $$
declare
  first text;
  made boolean := false;
begin
  perform pg_advisory_xact_lock(hashtextextended('commet.first_organization', 0));
  select o.id into first from organizations o order by o.created_at, o.id limit 1;
  if first is null then
    perform create_organization(new_organization_id, new_name, new_sandbox_id, new_live_id, at);
    first := new_organization_id;
    made := true;
  end if;
  return query
    select made, first, s.id, l.id
    from environments s join environments l on l.organization_id = s.organization_id and l.mode = 'live'
    where s.organization_id = first and s.mode = 'sandbox';
end
$$;

revoke execute on all functions in schema commet from public;
grant execute on function current_environment() to commet_app, commet_worker;
grant execute on function first_organization(text, text, text, text, timestamptz) to commet_app;
grant execute on function find_api_key(bytea) to commet_app;
grant execute on function record_api_key_use(bytea[], timestamptz) to commet_app;
grant execute on function claim_idempotency_key(text) to commet_app;
grant execute on function purge_idempotency_keys(timestamptz, integer) to commet_worker;
grant execute on function prepare_audit_month(date) to commet_worker;
