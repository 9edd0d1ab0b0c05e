-- A key that another transaction holds at this moment may be held by a second reader of an answer that is there: whoever
-- cannot take the key looks for the answer before saying that the first request still runs.
create or replace function claim_idempotency_key(wanted_key text) returns void
  language plpgsql
  set search_path = commet, pg_temp
as $$
declare
  claimed boolean := pg_try_advisory_xact_lock(hashtextextended(current_environment() || ':' || wanted_key, 0));
begin
  if exists (select from idempotency_keys k where k.environment_id = current_environment() and k.key = wanted_key) then
    raise exception 'idempotency key known' using errcode = 'CI002';
  end if;
  if not claimed then
    raise exception 'idempotency key in use' using errcode = 'CI001';
  end if;
end
$$;
