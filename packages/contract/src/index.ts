import type { z } from 'zod'
import type { ErrorBody, ErrorCode } from './errors.ts'
import type { Operation } from './operation.ts'
import { apiKeyOperations } from './resources/api-keys.ts'
import { customerDeletionOperations } from './resources/customer-deletions.ts'
import { customerOperations } from './resources/customers.ts'
import { environmentOperations } from './resources/environment.ts'
import { historyOperations } from './resources/history.ts'
import { homeOperations } from './resources/home.ts'
import { importOperations } from './resources/imports.ts'
import { invitationOperations } from './resources/invitations.ts'
import { memberOperations } from './resources/members.ts'
import { organizationOperations } from './resources/organization.ts'
import { requestOperations } from './resources/requests.ts'
import { sessionOperations } from './resources/session.ts'

export type { AuditedOperation } from './audited.ts'
export { auditedOperations } from './audited.ts'
export type { ErrorBody, ErrorCode, ErrorDefinition, ErrorType, FieldError, RetryAdvice } from './errors.ts'
export { errors } from './errors.ts'
export type { EventType } from './events.ts'
export type { IdKind } from './ids.ts'
export { idPrefixes } from './ids.ts'
export type { Method, Operation, Scope } from './operation.ts'
export { commonErrors, isPublic, isWrite, writeErrors } from './operation.ts'
export type { ApiKey, CreatedApiKey, DeletedApiKey } from './resources/api-keys.ts'
export type { CustomerDeletion, DeletedCustomerDeletion } from './resources/customer-deletions.ts'
export type {
  Address,
  CreateCustomer,
  Customer,
  CustomerBatch,
  CustomerCells,
  DeletedCustomer,
  ExportCustomers,
  ListCustomers,
  UpdateCustomer,
} from './resources/customers.ts'
export { createCustomer } from './resources/customers.ts'
export type { EnvironmentSettings } from './resources/environment.ts'
export type { Activity, ActorShown, FieldChange, TimelineEntry } from './resources/history.ts'
export type { DayOfCustomers, Home } from './resources/home.ts'
export type { Import, ImportDetail, ImportStatus } from './resources/imports.ts'
export type { CreatedInvitation, DeletedInvitation, Invitation } from './resources/invitations.ts'
export type { DeletedMember, Member, Role } from './resources/members.ts'
export type { Organization } from './resources/organization.ts'
export type { ListRequests, LoggedRequest } from './resources/requests.ts'
export type { Session } from './resources/session.ts'
export { asSent } from './versions/as-sent.ts'
export type { VersionFold } from './versions/index.ts'
export { defaultVersion, folds, isVersion, latestVersion, versions } from './versions/index.ts'
export type { JsonObject, RawRequest } from './versions/version.ts'

/** Every operation of the wire. */
export const operations = [
  ...customerOperations,
  ...customerDeletionOperations,
  ...apiKeyOperations,
  ...sessionOperations,
  ...memberOperations,
  ...invitationOperations,
  ...historyOperations,
  ...requestOperations,
  ...environmentOperations,
  ...homeOperations,
  ...importOperations,
  ...organizationOperations,
] as const

export type AnyOperation = (typeof operations)[number]
export type OperationId = AnyOperation['id']
export type OperationOf<Id extends OperationId> = Extract<AnyOperation, { readonly id: Id }>

/** The whole error answer in the newest shape. */
export type ErrorAnswer = {
  readonly success: false
  readonly error: ErrorBody & { readonly code: ErrorCode }
}

export type { Operation as OperationShape }

/** The operations that no key may do. */
export type InternalOperationId = Extract<AnyOperation, { readonly internal: true }>['id']

/** What a caller sends in an operation's path, query and body; never where it takes none. */
export type ParamsOf<Id extends OperationId> = InputOf<OperationOf<Id>, 'params'>
export type QueryOf<Id extends OperationId> = InputOf<OperationOf<Id>, 'query'>
export type BodyOf<Id extends OperationId> = InputOf<OperationOf<Id>, 'body'>

/** What an operation answers in the newest version: the resource, or one row of a list. */
export type DataOf<Id extends OperationId> = z.output<OperationOf<Id>['data']>

type InputOf<Op, Part extends string> = Op extends { readonly [P in Part]: infer Schema extends z.ZodType }
  ? z.input<Schema>
  : never
