-- Deletions that can be taken back: what somebody asked to delete, and when. Until then nothing is changed; the row goes
-- when it is taken back or carried out, and a customer that is written meanwhile leaves its list.

create table customer_deletions (
  environment_id text collate "C" not null,
  id text collate "C" not null,
  customer_ids text[] collate "C" not null,
  requested_by jsonb not null,
  request_id text,
  created_at timestamptz not null,
  due_at timestamptz not null,
  primary key (environment_id, id)
);
create index customer_deletions_due on customer_deletions (due_at);

alter table customer_deletions enable row level security;
create policy tenant on customer_deletions to commet_app using (environment_id = current_environment());
grant select, insert, update, delete on customer_deletions to commet_app;

-- Which deletions are due, oldest first, and the environment each is to be carried out in: no customer and no person is
-- named. The database's clock has to agree, so that a server whose clock has jumped ahead deletes nothing early.
create function due_customer_deletions(at timestamptz, at_most integer)
  returns table (
    deletion_id text,
    environment_id text,
    organization_id text,
    mode text,
    simulated_time timestamptz
  )
  language sql stable security definer
  set search_path = commet, pg_temp
  begin atomic
    select d.id, e.id, e.organization_id, e.mode, e.simulated_time
    from customer_deletions d
    join environments e on e.id = d.environment_id
    where d.due_at <= least(at, now())
    order by d.due_at, d.id
    limit at_most;
  end;

revoke execute on function due_customer_deletions(timestamptz, integer) from public;
grant execute on function due_customer_deletions(timestamptz, integer) to commet_worker;
