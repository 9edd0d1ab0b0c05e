// The public surface of the package. What is not exported here is not promised.

export { Commet } from './client.ts'
export type { ApiResponse } from './core/answer.ts'
export type {
  CommetOptions,
  FetchAnswer,
  FetchFunction,
  FetchInit,
  KeyOptions,
  RequestOptions,
  SessionOptions,
} from './core/config.ts'
export {
  CommetAPIError,
  CommetConnectionError,
  CommetError,
  CommetTimeoutError,
  CommetValidationError,
} from './core/errors.ts'
export type { ListPromise, Page } from './core/paging.ts'
export type { Query, QueryValue } from './core/query.ts'
export type { CustomerKey, CustomerReference, Reference } from './core/reference.ts'
export type { ApiRequest } from './core/transport.ts'
export type * from './resources/index.ts'
export type { DeletedObject, Open } from './resources/resource.ts'
export { API_VERSION, SDK_VERSION } from './version.ts'
export type {
  StandardDelivery,
  WebhookEvent,
  WebhookHeaders,
  WebhookPayload,
  WebhookSignature,
} from './webhooks.ts'
export { Webhooks } from './webhooks.ts'
