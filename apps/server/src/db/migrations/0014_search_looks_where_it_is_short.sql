-- How find_customers looks: ADR 16. Its arguments, its answer and its guard are those of 0002.
create or replace function find_customers(
  pattern text,
  metadata jsonb,
  external_id text,
  email_folded text,
  created_after timestamptz,
  created_before timestamptz,
  direction text,
  after_created_at timestamptz,
  after_id text,
  at_most integer
) returns setof customers
  language plpgsql volatile security definer
  set search_path = commet, pg_temp
as $$
declare
  environment text := current_environment();
  comparison text := case direction when 'asc' then '>' when 'desc' then '<' end;
  sorted text := format('order by created_at %s, id %s', direction, direction);
  listed text := 'environment_id = $1 and deleted_at is null';
  term text := case when pattern is null then 'true' else 'search_text like $8' end;
  others text := 'true';
  matching text;
  -- What of a longer term few customers have: the random end of an ID, or the end of a number and what is before it.
  telling text := '%' || coalesce(
    substring(pattern from '^%cus\\_[0-9a-z]{18}([0-9a-z]{8})%$'),
    substring(pattern from '.*([^%]{3}[0-9]{5})'),
    substring(pattern from '.*([0-9]{5})')
  ) || '%';
  first_depth constant integer := 1000;
  depth integer := first_depth;
  -- Of a row that an index names, in rows that are walked over.
  index_cost constant integer := 8;
  share float8;
  -- Keeps the planner from walking the list on a guess of its own.
  fence text := 'offset 0';
  collected float8;
  plan json;
  page customers[];
  customer customers;
begin
  if environment is null or comparison is null then
    return;
  end if;
  if created_after is not null then
    listed := listed || ' and created_at > $2';
  end if;
  if created_before is not null then
    listed := listed || ' and created_at < $3';
  end if;
  if after_id is not null then
    listed := listed || format(' and (created_at, id) %s ($4, $5)', comparison);
  end if;
  if metadata is not null then
    others := others || (
      select string_agg(' and (' || alternatives.condition || ')', '' order by entry.ordinality)
      from jsonb_array_elements(metadata) with ordinality as entry,
      lateral (
        select string_agg(format('metadata @> %L::jsonb', alternative), ' or ') as condition
        from jsonb_array_elements(entry.value) as alternative
      ) as alternatives
    );
  end if;
  if external_id is not null then
    others := others || ' and external_id = $6';
  end if;
  if email_folded is not null then
    others := others || ' and email_folded = $7';
  end if;
  matching := format('%s and %s', others, term);

  -- What many have is soon found in the order of the list: among its first rows, or, where those say that it will be cheaper
  -- than collecting all matches, among some more. What none of the first has is left to the indexes.
  loop
    execute format(
      'select array_agg(customer) from (
         select customer from (select customers as customer, * from customers where %s %s limit $9) as first_rows
         where %s limit $10
       ) as found', listed, sorted, matching
    ) into page
      using environment, created_after, created_before, after_created_at, after_id, external_id, email_folded, pattern,
        depth, at_most;
    if cardinality(page) = at_most then
      foreach customer in array page loop
        return next customer;
      end loop;
      return;
    end if;
    exit when page is null or depth > first_depth;
    execute format('explain (format json) select from customers where %s', listed) into plan
      using environment, created_after, created_before, after_created_at, after_id;
    share := cardinality(page)::float8 / first_depth;
    exit when at_most / share > index_cost * share * (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8;
    depth := 3 * at_most / share;
  end loop;

  -- They are asked for the telling part alone, unless the planner has seen it often; the rest is compared in the rows.
  if telling is not null then
    execute 'explain (format json) select from customers where environment_id = $1 and search_text like $2'
      into plan using environment, telling;
    if (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8 >= 1000 then
      telling := null;
    end if;
  end if;
  if telling is not null then
    matching := format('%s and %s', others, 'search_text like $10 and search_text || '''' like $8');
  else
    -- What the planner has seen so often that walking over all costs less than collecting it is further down in the list.
    execute format('explain (format json) select from customers where %s and %s', listed, matching) into plan
      using environment, created_after, created_before, after_created_at, after_id, external_id, email_folded, pattern;
    collected := index_cost * (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8;
    if collected > 100000 then
      execute format('explain (format json) select from customers where %s', listed) into plan
        using environment, created_after, created_before, after_created_at, after_id;
      if collected >= (plan -> 0 -> 'Plan' ->> 'Plan Rows')::float8 then
        fence := '';
      end if;
    end if;
  end if;
  return query execute format(
    'select * from (select * from customers where %s and %s %s) as found %s limit $9', listed, matching, fence, sorted
  ) using environment, created_after, created_before, after_created_at, after_id, external_id, email_folded, pattern,
    at_most, telling;
end
$$;
