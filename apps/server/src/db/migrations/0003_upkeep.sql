-- Upkeep: what the worker forgets when it is told to, and what it can measure. Nothing here sees a row's content.

-- Old events are found by when they were recorded, without an index that every write would pay for.
create index events_recorded on events using brin (recorded_at) with (pages_per_range = 32, autosummarize = on);

-- Forgets events recorded before `before`, at most `at_most` at a time. Returns how many went. The database's clock has
-- to agree, so that a server whose clock has jumped ahead forgets nothing early.
create function purge_events(before timestamptz, keep interval, at_most integer) returns integer
  language plpgsql security definer
  set search_path = commet, pg_temp
as $$
declare
  purged integer;
begin
  delete from events where ctid = any (array(
    select ctid from events where recorded_at < least(before, now() - keep) limit at_most for update skip locked
  ));
  get diagnostics purged = row_count;
  return purged;
end
$$;

-- Makes the partition of one month, unless it is there. Entries of that month may lie in the partition for the rest
-- already, written by a server whose clock was ahead; they move. The new table is attached when it is complete, which
-- holds up no writer.
create or replace function prepare_audit_month(month date) returns void
  language plpgsql security definer
  set search_path = commet, pg_temp
as $$
declare
  first_day date := date_trunc('month', month);
  partition text := 'audit_entries_' || to_char(first_day, 'YYYY_MM');
  begins timestamptz := first_day::timestamp at time zone 'UTC';
  ends timestamptz := (first_day + interval '1 month') at time zone 'UTC';
begin
  if to_regclass('commet.' || partition) is not null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('commet.prepare_audit_month', 0));
  if to_regclass('commet.' || partition) is not null then
    return;
  end if;
  execute format('create table %I (like audit_entries including all)', partition);
  execute format('alter table %I enable row level security', partition);
  lock table audit_entries_rest in access exclusive mode;
  execute format(
    'with moved as (delete from audit_entries_rest where recorded_at >= $1 and recorded_at < $2 returning *)
     insert into %I select * from moved', partition
  ) using begins, ends;
  execute format('alter table audit_entries attach partition %I for values from (%L) to (%L)', partition, begins, ends);
end
$$;

-- Drops the oldest partition of months that ended before `before`. Returns its name, or null when there is none. A
-- partition that is being written to is left for the next time: nobody waits longer than a second.
create function drop_audit_month(before timestamptz, keep interval) returns text
  language plpgsql security definer
  set search_path = commet, pg_temp
as $$
declare
  last_month text := 'audit_entries_' ||
    to_char((least(before, now() - keep) at time zone 'UTC') - interval '1 month', 'YYYY_MM');
  partition text;
begin
  perform set_config('lock_timeout', '1s', true);
  -- One at a time: two workers would drop the same month.
  perform pg_advisory_xact_lock(hashtextextended('commet.prepare_audit_month', 0));
  select relname into partition from pg_class
  where relnamespace = 'commet'::regnamespace and relname ~ '^audit_entries_\d{4}_\d{2}$' and relkind = 'r'
    and relname <= last_month
  order by relname limit 1;
  if partition is not null then
    execute format('drop table %I', partition);
  end if;
  return partition;
end
$$;

-- What operators watch: answers past their time, the age of the oldest, and how large the log of events has grown.
create function measure_upkeep(keys_before timestamptz) returns table (
  keys_past_their_time bigint,
  oldest_key_at timestamptz,
  events_estimate bigint,
  events_bytes bigint
)
  language sql stable security definer
  set search_path = commet, pg_temp
  begin atomic
    select
      (select count(*) from (select from idempotency_keys where created_at < keys_before limit 100000) as past),
      (select min(created_at) from idempotency_keys),
      (select greatest(reltuples, 0)::bigint from pg_class where oid = 'commet.events'::regclass),
      pg_total_relation_size('commet.events'::regclass);
  end;

revoke execute on function purge_events(timestamptz, interval, integer) from public;
revoke execute on function drop_audit_month(timestamptz, interval) from public;
revoke execute on function measure_upkeep(timestamptz) from public;
grant execute on function purge_events(timestamptz, interval, integer) to commet_worker;
grant execute on function drop_audit_month(timestamptz, interval) to commet_worker;
grant execute on function measure_upkeep(timestamptz) to commet_worker;
