-- What people look back at: the history of one thing, the last requests of an environment, and the version it is pinned to.

-- The history of one thing is read by when it was recorded, events beside audit entries.
drop index events_of_subject;
create index events_of_subject on events (environment_id, subject_id, recorded_at desc);

-- A version is pinned for one environment: a new one is tried in the sandbox while live keeps the old.
alter table environments add column api_version text;
update environments e set api_version = o.api_version from organizations o where o.id = e.organization_id;

create or replace function find_api_key(wanted_hash bytea)
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
    select k.id, e.id, o.id, e.mode, e.simulated_time, e.api_version, k.expires_at
    from api_keys k
    join environments e on e.id = k.environment_id
    join organizations o on o.id = e.organization_id
    where k.secret_hash = wanted_hash and k.revoked_at is null;
  end;

create or replace function find_member(wanted_user_id text, wanted_mode text)
  returns table (
    member_id text,
    role text,
    environment_id text,
    organization_id text,
    mode text,
    simulated_time timestamptz,
    api_version text
  )
  language sql stable security definer
  set search_path = commet, pg_temp
  begin atomic
    select m.id, m.role, e.id, o.id, e.mode, e.simulated_time, e.api_version
    from members m
    join organizations o on o.id = m.organization_id
    join environments e on e.organization_id = o.id and e.mode = wanted_mode
    where m.user_id = wanted_user_id and m.removed_at is null;
  end;

alter table organizations drop column api_version;
grant update (api_version) on environments to commet_app;

-- The last requests of each environment, without bodies. Written in batches, outside the requests. IDs sort by time.
create table request_log (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  received_at timestamptz not null,
  method text not null,
  path text not null,
  status smallint not null,
  error_code text,
  duration_ms real not null,
  api_version text not null,
  caller_kind text not null,
  caller_id text not null,
  replayed boolean not null,
  primary key (environment_id, id)
);
alter table request_log enable row level security;
create policy tenant on request_log to commet_app using (environment_id = current_environment());
grant select on request_log to commet_app;

-- Adds requests and forgets all but the newest `keep` of each environment among them, at most twice that many at a time.
-- A batch that comes again after its answer was lost changes nothing. Nobody waits for the disk: what a crash of the
-- database takes is the last moment of a log.
create function record_requests(entries jsonb, keep integer) returns void
  language plpgsql security definer
  set search_path = commet, pg_temp
as $$
declare
  environment text;
begin
  perform set_config('synchronous_commit', 'off', true);
  insert into request_log
    select e.environment_id, e.id, e.received_at, e.method, e.path, e.status, e.error_code, e.duration_ms,
      e.api_version, e.caller_kind, e.caller_id, e.replayed
    from jsonb_to_recordset(entries) as e (
      environment_id text, id text, received_at timestamptz, method text, path text, status smallint, error_code text,
      duration_ms real, api_version text, caller_kind text, caller_id text, replayed boolean
    )
    on conflict do nothing;
  for environment in select distinct entry ->> 'environment_id' from jsonb_array_elements(entries) as entry loop
    delete from request_log where environment_id = environment and id = any (array(
      select id from request_log
      where environment_id = environment and id <= (
        select id from request_log where environment_id = environment order by id desc offset keep limit 1
      )
      order by id limit 2 * keep for update skip locked
    ));
  end loop;
end
$$;
revoke execute on function record_requests(jsonb, integer) from public;
grant execute on function record_requests(jsonb, integer) to commet_worker;
