-- Accounts and sessions, in a schema of their own that only the login of the accounts can read; and who belongs to an
-- organization, which the server asks for beside everything else. The tables of the accounts are those that Better Auth
-- asks for, written down by it; a test says when it would ask for more.

create schema commet_auth;

create table commet_auth."users" ("id" text not null primary key, "name" text not null, "email" text not null unique, "emailVerified" boolean not null, "image" text, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz default CURRENT_TIMESTAMP not null);

create table commet_auth."sessions" ("id" text not null primary key, "expiresAt" timestamptz not null, "token" text not null unique, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz not null, "ipAddress" text, "userAgent" text, "userId" text not null references commet_auth."users" ("id") on delete cascade);

create table commet_auth."accounts" ("id" text not null primary key, "accountId" text not null, "providerId" text not null, "userId" text not null references commet_auth."users" ("id") on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, "scope" text, "password" text, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz not null);

create table commet_auth."verifications" ("id" text not null primary key, "identifier" text not null, "value" text not null, "expiresAt" timestamptz not null, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz default CURRENT_TIMESTAMP not null);

create index "sessions_userId_idx" on commet_auth."sessions" ("userId");
create index "accounts_userId_idx" on commet_auth."accounts" ("userId");
create index "verifications_identifier_idx" on commet_auth."verifications" ("identifier");

revoke all on schema commet_auth from public;
grant usage on schema commet_auth to commet_auth;
grant select, insert, update, delete on all tables in schema commet_auth to commet_auth;

-- People of an organization. An account belongs to one organization; who was removed keeps the row for the history.
create table members (
  organization_id text collate "C" not null references organizations (id),
  id text collate "C" not null,
  user_id text collate "C" not null,
  email text not null,
  name text not null,
  role text not null check (role in ('owner', 'admin', 'member')),
  created_at timestamptz not null,
  removed_at timestamptz,
  primary key (organization_id, id)
);
create unique index members_account on members (user_id) where removed_at is null;
create index members_newest on members (organization_id, created_at desc, id desc) where removed_at is null;

-- Links that make somebody a member. The one that makes the first owner names no e-mail address.
create table invitations (
  organization_id text collate "C" not null references organizations (id),
  id text collate "C" not null,
  email text,
  role text not null check (role in ('owner', 'admin', 'member')),
  secret_hash bytea not null unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  primary key (organization_id, id),
  check (email is not null or role = 'owner')
);
create index invitations_newest on invitations (organization_id, created_at desc, id desc)
  where accepted_at is null and revoked_at is null;

-- The organization of the environment that the transaction has entered.
create function current_organization() returns text
  language sql stable parallel safe
  set search_path = commet, pg_temp
  return (select organization_id from environments where id = current_environment());

alter table members enable row level security;
alter table invitations enable row level security;
create policy tenant on members to commet_app using (organization_id = (select current_organization()));
create policy tenant on invitations to commet_app using (organization_id = (select current_organization()));
grant select, insert, update on members, invitations to commet_app;

-- Where an account belongs, and the environment of that mode. Asked before the environment is known, as for a key.
create function find_member(wanted_user_id text, wanted_mode text)
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
    select m.id, m.role, e.id, o.id, e.mode, e.simulated_time, o.api_version
    from members m
    join organizations o on o.id = m.organization_id
    join environments e on e.organization_id = o.id and e.mode = wanted_mode
    where m.user_id = wanted_user_id and m.removed_at is null;
  end;

-- What an open link is for. The link of the first owner is open until there is an owner.
create function find_invitation(wanted_hash bytea, at timestamptz)
  returns table (organization_id text, organization_name text, environment_id text, email text, role text)
  language sql stable security definer
  set search_path = commet, pg_temp
  begin atomic
    select o.id, o.name, e.id, i.email, i.role
    from invitations i
    join organizations o on o.id = i.organization_id
    join environments e on e.organization_id = o.id and e.mode = 'sandbox'
    where i.secret_hash = wanted_hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > at
      and (i.email is not null or not exists (
        select from members m where m.organization_id = o.id and m.role = 'owner' and m.removed_at is null
      ));
  end;

revoke execute on function current_organization(), find_member(text, text), find_invitation(bytea, timestamptz)
  from public;
grant execute on function current_organization(), find_member(text, text), find_invitation(bytea, timestamptz)
  to commet_app;
