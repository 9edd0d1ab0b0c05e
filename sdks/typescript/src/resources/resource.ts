// Owns what the generated files of this folder are written against; the only one here that is written by hand.
// Does not know any resource.
// Always: a resource method is one call of `request` or `requestList`, and nothing else.

import type { ApiResponse } from '../core/answer.ts'
import type { ListPromise } from '../core/paging.ts'
import type { ApiRequest } from '../core/transport.ts'

/** The part of the client a resource needs. */
export interface ResourceClient {
  request<T>(request: ApiRequest): Promise<ApiResponse<T>>
  requestList<T>(request: ApiRequest): ListPromise<T>
}

/** What a delete answers. */
export interface DeletedObject {
  readonly id: string
  readonly deleted: true
  readonly object: string
  readonly livemode: boolean
}

/** Known values, and room for those a later server adds. */
export type Open<Known extends string> = Known | (string & {})
