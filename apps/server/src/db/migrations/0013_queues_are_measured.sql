-- What operators watch of the work that people wait for: how much there is, and since when the longest waits. An import
-- waits while nobody has worked on it; a deletion from the moment it may no longer be taken back.
create function measure_queues(at timestamptz) returns table (
  imports_waiting bigint,
  imports_waiting_since timestamptz,
  deletions_due bigint,
  deletions_due_since timestamptz
)
  language sql stable security definer
  set search_path = commet, pg_temp
  begin atomic
    select i.waiting, i.since, d.due, d.since
    from
      (select count(*) as waiting, min(greatest(updated_at, worked_at)) as since
       from imports where status in ('checking', 'running')) as i,
      (select count(*) as due, min(due_at) as since from customer_deletions where due_at <= at) as d;
  end;

revoke execute on function measure_queues(timestamptz) from public;
grant execute on function measure_queues(timestamptz) to commet_worker;
