import type { OperationId, OperationOf } from '@commet/contract'
import type { z } from 'zod'
import type { CommandContext, QueryContext } from '../kernel/command.ts'
import type { Download, DownloadContext } from '../kernel/download.ts'
import type { Page } from '../kernel/paging.ts'
import * as customerCommands from '../modules/customers/commands.ts'
import * as customerDeletions from '../modules/customers/deletions.ts'
import * as customerExport from '../modules/customers/export.ts'
import * as customerQueries from '../modules/customers/queries.ts'
import * as historyQueries from '../modules/history/queries.ts'
import * as homeQueries from '../modules/home/queries.ts'
import * as importCommands from '../modules/imports/commands.ts'
import * as importQueries from '../modules/imports/queries.ts'
import * as memberCommands from '../modules/members/commands.ts'
import * as memberQueries from '../modules/members/queries.ts'
import * as organizationCommands from '../modules/organizations/commands.ts'
import * as organizationQueries from '../modules/organizations/queries.ts'

/** Which command or query carries out each operation. Inputs are parsed; results have the newest shape. */

type Part<Id extends OperationId, Name extends 'params' | 'query' | 'body'> =
  OperationOf<Id> extends { readonly [key in Name]: infer Schema extends z.ZodType }
    ? z.output<Schema>
    : undefined

export type Input<Id extends OperationId> = {
  readonly params: Part<Id, 'params'>
  readonly query: Part<Id, 'query'>
  readonly body: Part<Id, 'body'>
  readonly file: OperationOf<Id> extends { readonly upload: 'csv' } ? Uint8Array : undefined
}

type Data<Id extends OperationId> = z.output<OperationOf<Id>['data']>
type Result<Id extends OperationId> =
  OperationOf<Id> extends { readonly list: true }
    ? Page<Data<Id>>
    : { readonly status: 200 | 201; readonly data: Data<Id> }

type Handler<Id extends OperationId> =
  OperationOf<Id> extends { readonly download: 'csv' }
    ? (ctx: DownloadContext, input: Input<Id>) => Promise<Download>
    : OperationOf<Id> extends { readonly method: 'GET' }
      ? (ctx: QueryContext, input: Input<Id>) => Promise<Result<Id>>
      : (ctx: CommandContext, input: Input<Id>) => Promise<Result<Id>>

type Handlers = { readonly [Id in OperationId]: Handler<Id> }

export const handlers = {
  'customers.create': async (ctx, { body }) => {
    const { created, customer } = await customerCommands.createCustomer(ctx, body)
    return { status: created ? 201 : 200, data: customer }
  },
  'customers.get': async (ctx, { params }) => ok(await customerQueries.getCustomer(ctx, params.id)),
  'customers.update': async (ctx, { params, body }) =>
    ok(await customerCommands.updateCustomer(ctx, params.id, body)),
  'customers.list': (ctx, { query }) => customerQueries.listCustomers(ctx, query),
  'customers.createBatch': async (ctx, { body }) =>
    ok(await customerCommands.createCustomers(ctx, body.customers)),
  'customers.delete': async (ctx, { params }) => ok(await customerDeletions.deleteCustomer(ctx, params.id)),
  'customerDeletions.list': (ctx, { query }) => customerDeletions.listDeletions(ctx, query),
  'customerDeletions.create': async (ctx, { body }) => ({
    status: 201,
    data: await customerDeletions.requestDeletion(ctx, body.customerIds),
  }),
  'customerDeletions.delete': async (ctx, { params }) =>
    ok(await customerDeletions.withdrawDeletion(ctx, params.id)),
  'customers.export': (ctx, { query }) => customerExport.exportCustomers(ctx, query),
  'apiKeys.list': (ctx, { query }) => organizationQueries.listApiKeys(ctx, query),
  'apiKeys.create': async (ctx, { body }) => ({
    status: 201,
    data: await organizationCommands.createApiKey(ctx, body),
  }),
  'apiKeys.delete': async (ctx, { params }) => ok(await organizationCommands.deleteApiKey(ctx, params.id)),
  'session.get': async (ctx) => ok(await memberQueries.getSession(ctx)),
  'members.list': (ctx, { query }) => memberQueries.listMembers(ctx, query),
  'members.update': async (ctx, { params, body }) =>
    ok(await memberCommands.updateMember(ctx, params.id, body.role)),
  'members.delete': async (ctx, { params }) => ok(await memberCommands.deleteMember(ctx, params.id)),
  'invitations.list': (ctx, { query }) => memberQueries.listInvitations(ctx, query),
  'invitations.create': async (ctx, { body }) => ({
    status: 201,
    data: await memberCommands.createInvitation(ctx, body),
  }),
  'invitations.delete': async (ctx, { params }) => ok(await memberCommands.deleteInvitation(ctx, params.id)),
  'timeline.list': (ctx, { params, query }) => historyQueries.listTimeline(ctx, params.id, query),
  'activity.list': (ctx, { query }) => historyQueries.listActivity(ctx, query),
  'requests.list': (ctx, { query }) => historyQueries.listRequests(ctx, query),
  'requests.get': async (ctx, { params }) => ok(await historyQueries.getRequest(ctx, params.id)),
  'organization.get': async (ctx) => ok(await organizationQueries.getOrganization(ctx)),
  'organization.update': async (ctx, { body }) =>
    ok(await organizationCommands.renameOrganization(ctx, body.name)),
  'environment.get': async (ctx) => ok(await organizationQueries.getEnvironment(ctx)),
  'environment.update': async (ctx, { body }) =>
    ok(await organizationCommands.pinVersion(ctx, body.apiVersion)),
  'home.get': async (ctx, { query }) => ok(await homeQueries.getHome(ctx, query)),
  'imports.list': (ctx, { query }) => importQueries.listImports(ctx, query),
  'imports.create': async (ctx, { query, file }) => ({
    status: 201,
    data: await importCommands.createImport(ctx, query.fileName, file),
  }),
  'imports.get': async (ctx, { params }) => ok(await importQueries.getImport(ctx, params.id)),
  'imports.update': async (ctx, { params, body }) =>
    ok(await importCommands.updateImport(ctx, params.id, body.columns)),
  'imports.check': async (ctx, { params }) => ok(await importCommands.checkImport(ctx, params.id)),
  'imports.run': async (ctx, { params }) => ok(await importCommands.runImport(ctx, params.id)),
  'imports.cancel': async (ctx, { params }) => ok(await importCommands.cancelImport(ctx, params.id)),
  'imports.failures': (ctx, { params }) => importQueries.exportFailures(ctx, params.id),
} satisfies Handlers

function ok<T>(data: T): { readonly status: 200; readonly data: T } {
  return { status: 200, data }
}
