-- Customers $2 + 1 to $3 of the environment $1, the newest last, in the shape that the server itself writes. The same
-- numbers always make the same people: names of 48 given names and 24 syllables, so that some words are common and
-- others are rare.
insert into commet.customers
  (environment_id, id, external_id, email, email_folded, full_name, tax_document, address, timezone, metadata,
   search_text, created_at, updated_at)
select $1, id, external_id, email, email, full_name, '30-' || n, address, 'UTC',
  jsonb_build_object('plan', (array['free', 'team', 'business'])[1 + n % 3], 'seats', n % 50),
  e'\n' || concat_ws(e'\n', lower(full_name), email, external_id, id,
    left(surname, 2), left(domain, 2), left(suffix, 2), left(n::text, 2), substr(id, 5, 2)),
  at, at
from (
  select n, initcap(given) || ' ' || initcap(surname) as full_name, surname, domain, suffix,
    given || '.' || surname || n || '@' || domain || '.' || suffix as email,
    'user_' || n as external_id,
    'cus_01k' || lpad(to_hex(n), 8, '0') || left(md5(n::text), 15) as id,
    timestamptz '2025-01-01' + n * interval '20 seconds' as at,
    case when n % 2 = 0 then jsonb_build_object(
      'line1', n || ' Main Street', 'city', 'Springfield', 'postalCode', lpad((n % 99999)::text, 5, '0'), 'country', 'US'
    ) end as address
  from (
    select n,
      (array['maria','anna','james','wei','olga','juan','fatima','peter','sofia','liam','noah','emma','lucas','mia',
        'hugo','ines','omar','zoe','ivan','nina','karl','lena','paulo','rosa','samir','tara','umar','vera','walter',
        'xenia','yusuf','zara','bruno','clara','david','elena','felix','greta','hana','igor','jonas','kira','leon',
        'marta','niko','oscar','petra','quentin'])[1 + h1 % 48] as given,
      s[1 + h2 % 24] || s[1 + (h2 / 24) % 24] || s[1 + (h2 / 576) % 24] as surname,
      (array['example','acme','northwind','initech'])[1 + h3 % 4] as domain,
      (array['com','org','net','dev','com','com'])[1 + h3 / 4 % 6] as suffix
    from (
      select n, array['ba','ko','ri','ten','lu','mas','vo','chi','der','fa','gor','hu','jen','kel','lin','nov','pra',
          'qui','ros','sti','tur','ulm','wys','zan'] as s,
        hashint4(n) & 2147483647 as h1, hashint4(n + 1000000007) & 2147483647 as h2, hashint4(-n) & 2147483647 as h3
      from generate_series($2::int + 1, $3::int) as n
    ) as numbers
  ) as names
) as people
