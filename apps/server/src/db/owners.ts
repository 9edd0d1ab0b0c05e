/** Which part of the server writes each table. Everybody who must join may read; only the owner writes. */
export const tableOwners: Readonly<
  Record<string, 'db' | 'kernel' | 'customers' | 'history' | 'imports' | 'members' | 'organizations'>
> = {
  api_keys: 'organizations',
  audit_entries: 'kernel',
  audit_entries_rest: 'kernel',
  customer_deletions: 'customers',
  customers: 'customers',
  environments: 'organizations',
  events: 'kernel',
  idempotency_keys: 'kernel',
  import_chunks: 'imports',
  import_failures: 'imports',
  import_user_ids: 'imports',
  imports: 'imports',
  invitations: 'members',
  members: 'members',
  migrations: 'db',
  organizations: 'organizations',
  request_log: 'history',
}
