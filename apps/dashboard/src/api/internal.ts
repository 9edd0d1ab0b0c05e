import type { BodyOf, DataOf, InternalOperationId, OperationOf, ParamsOf, QueryOf } from '@commet/contract'
import type { ApiRequest, Page } from '@commet/node'
import { clientOf } from './client.ts'
import type { Environment } from './environment.ts'

/**
 * The way to call the operations that only people may do, which the client library has no methods for. Shapes, method and
 * path come from the contract, as types: its schemas stay out of the pages.
 */

/** One line for each operation that a page calls; the compiler compares it with the contract. */
const routes = {
  'activity.list': ['GET', '/activity'],
  'customerDeletions.create': ['POST', '/customer-deletions'],
  'customerDeletions.delete': ['DELETE', '/customer-deletions/{id}'],
  'customerDeletions.list': ['GET', '/customer-deletions'],
  'environment.get': ['GET', '/environment'],
  'environment.update': ['PATCH', '/environment'],
  'home.get': ['GET', '/home'],
  'imports.cancel': ['POST', '/imports/{id}/cancel'],
  'imports.check': ['POST', '/imports/{id}/check'],
  'imports.get': ['GET', '/imports/{id}'],
  'imports.list': ['GET', '/imports'],
  'imports.run': ['POST', '/imports/{id}/run'],
  'imports.update': ['PATCH', '/imports/{id}'],
  'invitations.create': ['POST', '/invitations'],
  'invitations.delete': ['DELETE', '/invitations/{id}'],
  'invitations.list': ['GET', '/invitations'],
  'members.delete': ['DELETE', '/members/{id}'],
  'members.list': ['GET', '/members'],
  'members.update': ['PATCH', '/members/{id}'],
  'organization.get': ['GET', '/organization'],
  'organization.update': ['PATCH', '/organization'],
  'requests.get': ['GET', '/requests/{id}'],
  'requests.list': ['GET', '/requests'],
  'session.get': ['GET', '/session'],
  'timeline.list': ['GET', '/customers/{id}/timeline'],
} as const satisfies { readonly [Id in InternalOperationId]?: RouteOf<Id> }

type RouteOf<Id extends InternalOperationId> = readonly [OperationOf<Id>['method'], OperationOf<Id>['path']]
type RoutedId = keyof typeof routes

/** The shapes above are those of the newest version. */
export const newestVersion = '2026-07-31'

/** What an operation takes: `params` of its path, its `query` and its `body`, each where it has one. */
type Input<Id extends RoutedId> = Part<'params', ParamsOf<Id>> &
  Part<'query', QueryOf<Id>> &
  Part<'body', BodyOf<Id>> & { readonly signal?: AbortSignal | undefined }

type Part<Name extends string, Shape> = [Shape] extends [never] ? unknown : { readonly [N in Name]: Shape }

/** Calls an operation that answers one thing. A write carries an idempotency key, and is retried with it. */
export async function callInternal<Id extends RoutedId>(
  environment: Environment,
  id: Id,
  input: Input<Id>,
): Promise<DataOf<Id>> {
  return (await clientOf(environment).request<DataOf<Id>>(requestOf(id, input))).data
}

/** Calls an operation that answers a page of a list. */
export async function listInternal<Id extends RoutedId>(
  environment: Environment,
  id: Id,
  input: Input<Id>,
): Promise<Page<DataOf<Id>>> {
  return await clientOf(environment).requestList<DataOf<Id>>(requestOf(id, input))
}

type AnyInput = {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: ApiRequest['query']
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
}

function requestOf(id: RoutedId, input: AnyInput): ApiRequest {
  const [method, path] = routes[id]
  const { params = {}, query, body, signal } = input
  return {
    method,
    path: path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? '')),
    query,
    body,
    options: { apiVersion: newestVersion, signal },
  }
}
