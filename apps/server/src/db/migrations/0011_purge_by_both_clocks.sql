-- Forgets answers older than `before`, at most `at_most` at a time. Returns how many went. The database's clock has to
-- agree that they are a day old, so that a server whose clock has jumped ahead forgets none early.
create or replace function purge_idempotency_keys(before timestamptz, at_most integer) returns integer
  language plpgsql security definer
  set search_path = commet, pg_temp
as $$
declare
  purged integer;
begin
  delete from idempotency_keys where ctid = any (array(
    select ctid from idempotency_keys
    where created_at < least(before, now() - interval '24 hours')
    order by created_at limit at_most for update skip locked
  ));
  get diagnostics purged = row_count;
  return purged;
end
$$;
