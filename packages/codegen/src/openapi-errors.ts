import {
  type ErrorCode,
  errors,
  type JsonObject,
  type OperationShape,
  type VersionFold,
} from '@commet/contract'
import type { Schema } from './json-schema.ts'
import { pascal } from './names.ts'
import { errorsByStatus } from './operation-facts.ts'

/** The error answers of an operation: one for every status, naming the codes that it can carry, each with an example. */

export type ErrorContext = {
  readonly fold: VersionFold
  readonly serverUrl: string
  /** Error answers that operations share, by name. */
  readonly responses: Map<string, JsonObject>
}

export function errorResponses(operation: OperationShape, context: ErrorContext): JsonObject {
  const declared = [...errorsByStatus(operation)].map(([status, codes]) => {
    const description = codes.map((code) => `\`${code}\`: ${errors[code].meaning}`).join('\n\n')
    return [
      status,
      shared({ name: codes.map(pascal).join('Or'), status, codes, description }, context),
    ] as const
  })
  const refused = (operation.body === undefined ? [] : refusedBodies).map((answer) => {
    return [answer.status, shared({ ...answer, codes: ['validation_error'] }, context)] as const
  })
  return Object.fromEntries([...declared, ...refused])
}

const refusedBodies = [
  { status: 413, name: 'BodyTooLarge', description: 'The body is larger than 1 MB.' },
  {
    status: 415,
    name: 'UnsupportedMediaType',
    description: 'The content type of the body is not application/json in UTF-8.',
  },
]

type ErrorAnswer = {
  readonly name: string
  readonly status: number
  readonly codes: readonly ErrorCode[]
  readonly description: string
}

/** A reference to the answer, which is described once. */
function shared(answer: ErrorAnswer, context: ErrorContext): JsonObject {
  context.responses.set(answer.name, errorResponse(answer, context))
  return { $ref: `#/components/responses/${answer.name}` }
}

function errorResponse({ status, codes, description }: ErrorAnswer, context: ErrorContext): JsonObject {
  const { fold, serverUrl } = context
  const examples = codes.map((code) => {
    return [code, { summary: errors[code].meaning, value: errorExample.body(code, fold, serverUrl) }] as const
  })
  const schema = errorExample.schema(codes, fold)
  return {
    description,
    headers: answerHeaders(headersByStatus[status] ?? []),
    content: { 'application/json': { schema, examples: Object.fromEntries(examples) } },
  }
}

/** The error body of a version, as a schema and by example. */
export const errorExample = {
  schema: (codes: readonly ErrorCode[], fold: VersionFold): Schema =>
    fold.downErrorSchema(newestSchema(codes)),
  body: (code: ErrorCode, fold: VersionFold, serverUrl: string): JsonObject =>
    fold.downError({
      success: false,
      error: {
        type: errors[code].type,
        code,
        message: errors[code].meaning,
        ...(code === 'validation_error' ? exampleOfFields : {}),
        doc_url: `${serverUrl}/reference/errors/${code}`,
      },
    }),
}

const exampleOfFields = { param: 'email', details: [{ field: 'email', message: 'is required' }] }

function newestSchema(codes: readonly ErrorCode[]): Schema {
  const types = [...new Set(codes.map((code) => errors[code].type))]
  return {
    type: 'object',
    properties: {
      success: { const: false },
      error: {
        type: 'object',
        properties: {
          type: { type: 'string', enum: types, description: 'The class of the error.' },
          code: { type: 'string', enum: codes, description: 'What happened; each code has a page.' },
          message: { type: 'string', description: 'What was wrong and what to send instead, for people.' },
          param: { type: 'string', description: 'The first field that is wrong.' },
          details: { description: 'Of a validation error: every bad field as `{field, message}`.' },
          doc_url: { type: 'string', description: 'The page of the code.' },
        },
        required: ['type', 'code', 'message', 'doc_url'],
        additionalProperties: false,
      },
    },
    required: ['success', 'error'],
    additionalProperties: false,
  }
}

const headersByStatus: Readonly<Record<number, readonly HeaderName[]>> = {
  401: ['www-authenticate'],
  404: ['idempotent-replayed'],
  409: ['idempotent-replayed'],
  429: ['retry-after', 'ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'],
}

type HeaderName = keyof typeof headers

const headers = {
  'x-request-id': text(
    'ID of this request, to be named when you report a problem.',
    'req_01k0a2b3c4d5e6f7g8h9jkmnpq',
  ),
  'commet-version': text('The version this answer is written in.', '2026-07-11'),
  'idempotent-replayed': {
    description: 'true where this is the kept answer of an earlier request with the same Idempotency-Key.',
    schema: { type: 'string', const: 'true' },
  },
  'www-authenticate': text('How to authenticate.', 'ApiKey header="x-api-key"'),
  'retry-after': seconds('Seconds to wait before the next request.'),
  'ratelimit-limit': seconds('Requests allowed within the window.'),
  'ratelimit-remaining': seconds('Requests left within the window.'),
  'ratelimit-reset': seconds('Seconds until the window starts anew.'),
} as const

export const headerComponents: JsonObject = headers

function text(description: string, example: string): JsonObject {
  return { description, schema: { type: 'string' }, example }
}

function seconds(description: string): JsonObject {
  return { description, schema: { type: 'integer', minimum: 0 } }
}

/** Headers that every answer carries, and `further` ones. */
export function answerHeaders(further: readonly HeaderName[]): JsonObject {
  const names = ['x-request-id', 'commet-version', ...further]
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}
