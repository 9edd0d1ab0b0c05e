-- Makes the partition of one month, unless it is there. Entries of that month may lie in the partition for the rest
-- already, written by a server whose clock was ahead; they move. The new table is attached when it is complete, which
-- holds up no writer. Two workers may come at once: the catalogue is asked, since to_regclass remembers what was not
-- there before it waited.
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
  if exists (select from pg_class where relnamespace = 'commet'::regnamespace and relname = partition) then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('commet.prepare_audit_month', 0));
  if exists (select from pg_class where relnamespace = 'commet'::regnamespace and relname = partition) then
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
