-- Whoever waits for a table with an exclusive lock has everybody else wait behind. Behind a long reader, such as a dump, that
-- would be as long as the wait may take: what is not had within a moment is left for another time (55P03).

create or replace function drop_audit_month(before timestamptz, keep interval) returns text
  language plpgsql security definer
  set search_path = commet, pg_temp
  set lock_timeout = '1s'
as $$
declare
  last_month text := 'audit_entries_' ||
    to_char((least(before, now() - keep) at time zone 'UTC') - interval '1 month', 'YYYY_MM');
  partition text;
begin
  -- One at a time: two workers would drop the same month. Nobody waits behind this one.
  perform pg_advisory_xact_lock(hashtextextended('commet.prepare_audit_month', 0));
  select relname into partition from pg_class
  where relnamespace = 'commet'::regnamespace and relname ~ '^audit_entries_\d{4}_\d{2}$' and relkind = 'r'
    and relname <= last_month
  order by relname limit 1;
  if partition is not null then
    perform set_config('lock_timeout', '50ms', true);
    execute format('drop table %I', partition);
  end if;
  return partition;
end
$$;

create or replace function prepare_audit_month(month date) returns void
  language plpgsql security definer
  set search_path = commet, pg_temp
  set lock_timeout = '5s'
as $$
declare
  first_day date := date_trunc('month', month);
  partition text := 'audit_entries_' || to_char(first_day, 'YYYY_MM');
  begins timestamptz := first_day::timestamp at time zone 'UTC';
  ends timestamptz := (first_day + interval '1 month') at time zone 'UTC';
begin
  if exists (select from pg_class where relnamespace = 'commet'::regnamespace and relname = partition) then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('commet.prepare_audit_month', 0));
  if exists (select from pg_class where relnamespace = 'commet'::regnamespace and relname = partition) then
    return;
  end if;
  perform set_config('lock_timeout', '50ms', true);
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
