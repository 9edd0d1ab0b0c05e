import {
  defaultVersion,
  type ErrorCode,
  errors,
  folds,
  isPublic,
  isWrite,
  type JsonObject,
  type Method,
  type OperationShape,
  operations,
  type VersionFold,
  versions,
} from '@commet/contract'
import { exampleOf } from './example.ts'
import { hoist, isRequired, jsonSchemaOf, propertiesOf, type Schema } from './json-schema.ts'
import { titleOf } from './names.ts'
import {
  answerHeaders,
  type ErrorContext,
  errorExample,
  errorResponses,
  headerComponents,
} from './openapi-errors.ts'
import { resourceOf } from './operation-facts.ts'

/**
 * The contract as an OpenAPI 3.1 document, one for each dated version. Owns how operations become paths, schemas and
 * answers; knows no operation by name. Whatever the server answers must fit what stands here.
 */

export type OpenApiOptions = {
  /** A dated version of the API; the default version where absent. */
  readonly version?: string | undefined
  /** Where the server is reached, without a slash at its end. */
  readonly serverUrl?: string | undefined
}

export type OpenApiDocument = JsonObject

export const basePath = '/api/v1'
/** What keys may do. What only signed-in people do is no part of the published API. */
const published = (operations as readonly OperationShape[]).filter(isPublic)
const localServer = 'http://localhost:3000'

/** The document of one version. Throws for a version that does not exist: ask `isVersion` first. */
export function openApiDocument(options: OpenApiOptions = {}): OpenApiDocument {
  const { version = defaultVersion, serverUrl = localServer } = options
  const fold = folds.get(version)
  if (fold === undefined) throw new Error(`${version} is not a version of the API`)
  const schemas = new Map<string, Schema>()
  const responses = new Map<string, JsonObject>()
  const context = { fold, serverUrl, schemas, responses }
  const paths = pathsOf(context)
  return {
    openapi: '3.1.0',
    info: infoOf(version, serverUrl),
    servers: [{ url: serverUrl }],
    security: [{ apiKey: [] }],
    tags: tags(),
    paths,
    components: {
      securitySchemes: {
        apiKey: {
          type: 'apiKey',
          in: 'header',
          name: 'x-api-key',
          description: 'A key of one environment: ck_sandbox_… or ck_live_….',
        },
      },
      headers: headerComponents,
      responses: sorted(responses),
      schemas: { ...sorted(schemas), Error: errorSchema(fold) },
    },
    'x-errors': errorTable(serverUrl),
    'x-versions': versions.map(({ date, notes }) => ({ date, notes })),
  }
}

type Context = ErrorContext & {
  /** Schemas that operations share, by name. */
  readonly schemas: Map<string, Schema>
}

function infoOf(version: string, serverUrl: string): JsonObject {
  return {
    title: 'Commet API',
    version,
    summary: 'Billing you can run yourself.',
    description: [
      `The API in its version ${version}. A request names its version in the \`commet-version\` header; without one, your organization’s pinned version is used, and ${defaultVersion} where none is pinned.`,
      'Send your API key in `x-api-key`. A key acts for one environment, sandbox or live.',
      'Writes take an `Idempotency-Key`: sent again with the same key within 24 hours, a request is answered with the first answer, byte for byte.',
      `Answers carry \`x-request-id\`. Errors share one shape, and each [error code](${serverUrl}/reference/errors) has a page.`,
    ].join('\n\n'),
    license: { name: 'MIT', identifier: 'MIT' },
  }
}

function tags(): readonly JsonObject[] {
  const resources = new Set(published.map(resourceOf))
  return [...resources].map((resource) => ({ name: titleOf(resource) }))
}

function pathsOf(context: Context): JsonObject {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of published) {
    const path = basePath + operation.path
    const described = describeOperation(operation, context)
    const methods = { ...paths[path], [operation.method.toLowerCase()]: described }
    for (const alias of operation.aliases ?? []) {
      methods[alias.toLowerCase()] = describeAlias(operation, alias, described)
    }
    paths[path] = methods
  }
  return paths
}

/** The same operation under another method. */
function describeAlias(operation: OperationShape, alias: Method, described: JsonObject): JsonObject {
  return {
    ...described,
    operationId: `${operation.id}.${alias.toLowerCase()}`,
    summary: `${operation.summary} (alias of ${operation.method})`,
    description: `The same as ${operation.method} in every respect. ${operation.description}`,
    'x-alias-of': operation.id,
  }
}

function describeOperation(operation: OperationShape, context: Context): JsonObject {
  return {
    operationId: operation.id,
    summary: operation.summary,
    description: operation.description,
    tags: [titleOf(resourceOf(operation))],
    parameters: [
      ...pathParameters(operation),
      ...queryParameters(operation, context.fold),
      versionParameter(context.fold),
      ...(isWrite(operation) ? [idempotencyParameter] : []),
    ],
    ...requestBody(operation, context),
    responses: {
      ...successes(operation, context),
      ...errorResponses(operation, context),
    },
    'x-scope': operation.scope,
  }
}

function pathParameters({ params }: OperationShape): readonly JsonObject[] {
  if (params === undefined) return []
  return propertiesOf(jsonSchemaOf(params, 'input')).map(([name, schema]) =>
    parameter(name, 'path', schema, true),
  )
}

function queryParameters({ id, query }: OperationShape, fold: VersionFold): readonly JsonObject[] {
  if (query === undefined) return []
  const lowered = fold.downQuerySchema(id, jsonSchemaOf(query, 'input'))
  return propertiesOf(lowered).map(([name, schema]) => ({
    ...parameter(name, 'query', schema, isRequired(lowered, name)),
    ...(schema.type === 'object' ? { style: 'deepObject', explode: true } : {}),
  }))
}

function parameter(name: string, place: 'path' | 'query', schema: Schema, required: boolean): JsonObject {
  const { description, deprecated, ...rest } = schema
  return {
    name,
    in: place,
    required,
    ...(description === undefined ? {} : { description }),
    ...(deprecated === undefined ? {} : { deprecated }),
    schema: rest,
  }
}

/** A document describes one version, so its requests name no other; the default one may go without a name. */
function versionParameter({ date }: VersionFold): JsonObject {
  return {
    name: 'commet-version',
    in: 'header',
    required: date !== defaultVersion,
    description: 'The version of the API to be answered in; this document describes one.',
    schema: { type: 'string', const: date },
    example: date,
  }
}

const idempotencyParameter: JsonObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Makes the request safe to repeat for 24 hours: 1 to 255 printable ASCII characters, new for every new request.',
  schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x20-\\x7e]+$' },
  example: '9f1c2b7e-4a0d-4a52-9d5e-2f2b8f6f1a01',
}

function requestBody({ id, body, exampleBody }: OperationShape, { fold, schemas }: Context): JsonObject {
  if (body === undefined) return {}
  const schema = hoist(fold.downBodySchema(id, jsonSchemaOf(body, 'input')), schemas)
  const example = exampleBody === undefined ? {} : { example: exampleBody }
  // An update may change nothing: then there may be no body at all.
  const required = !body.safeParse({}).success
  return { requestBody: { required, content: { 'application/json': { schema, ...example } } } }
}

function successes(operation: OperationShape, { fold, schemas }: Context): JsonObject {
  const data = jsonSchemaOf(operation.data, 'output')
  const lowered = fold.downSchema(operation.id, operation.list === true ? pageSchema(data) : data)
  const content = { 'application/json': { schema: hoist(lowered, schemas), example: exampleOf(lowered) } }
  const headers = answerHeaders(isWrite(operation) ? ['idempotent-replayed'] : [])
  const answers = Object.entries(operation.answers).map(([status, description]) => {
    return [status, { description, headers, content }] as const
  })
  return Object.fromEntries(answers)
}

/** A page of a list in the newest shape. */
export function pageSchema(row: Schema): Schema {
  return {
    type: 'object',
    properties: {
      object: { type: 'string', const: 'list' },
      data: { type: 'array', items: row },
      hasMore: { type: 'boolean', description: 'Whether there are rows after this page.' },
      nextCursor: { type: 'string', description: 'cursor of the next page; absent on the last one.' },
    },
    required: ['object', 'data', 'hasMore'],
    additionalProperties: false,
  }
}

function errorSchema(fold: VersionFold): Schema {
  return {
    ...errorExample.schema(Object.keys(errors) as ErrorCode[], fold),
    description: 'What every error answers.',
  }
}

function errorTable(serverUrl: string): JsonObject {
  return Object.fromEntries(
    Object.entries(errors).map(([code, definition]) => [
      code,
      { ...definition, doc_url: `${serverUrl}/reference/errors/${code}` },
    ]),
  )
}

function sorted(named: ReadonlyMap<string, JsonObject>): JsonObject {
  return Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1)))
}
