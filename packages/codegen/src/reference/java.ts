import { pascal } from '../names.ts'
import type { SdkDescription, SdkField, SdkModel, SdkOperation, SdkResource, SdkType } from '../sdk.ts'
import {
  answerName,
  answerType,
  type Context,
  callForm,
  member,
  paramsName,
  sentName,
  sentType,
} from '../targets/java.ts'
import { exampleCall, type Given, thingOf } from './example.ts'
import { indented } from './literals.ts'
import type { Phrasing, Row } from './page.ts'

export function javaPhrasing(description: SdkDescription): Phrasing {
  const models = new Map(description.models.map((model) => [model.name, model]))
  const context = { models, errors: description.errors }
  const callName = ({ names }: SdkOperation, resource: SdkResource) =>
    `commet.${resource.names.java}().${names.java}`
  const answer = ({ answer: { type, list } }: SdkOperation) => {
    const model = type.kind === 'model' ? answerName(type.model) : 'Object'
    return list ? `ApiResponse<List<${model}>>` : `ApiResponse<${model}>`
  }
  return {
    fence: 'java',
    package: 'commet-java',
    opening: ['Commet commet = Commet.builder().apiKey(System.getenv("COMMET_API_KEY")).build();'],
    rules: [
      'Parameters that are named here are set on the builder of the class that the call takes. Every call takes `RequestOptions` as its last argument as well (`timeout`, `retries`, `apiVersion`, `idempotencyKey`).',
      'A call returns an `ApiResponse` with `getData()`, `getStatusCode()` and `getRequestId()`. A list returns one page, with `isHasMore()` and `getNextCursor()`; `stream` in place of `list` walks all pages.',
      'A refusal is thrown as `CommetApiException` (bad fields as `CommetValidationException`), no answer as `CommetConnectionException` or `CommetTimeoutException`. All are unchecked.',
      'What is not set is not sent. A null that is set is sent where it clears the field; of a field that cannot be cleared it is the same as not setting it.',
    ],
    callName,
    parameters: (operation, resource) => parameterRows(operation, resource, description, context),
    answer,
    example: (operation, resource) => {
      const name = thingOf(operation, resource) === 'page' ? 'page' : 'answer'
      const given = exampleArguments(operation, resource, description, context)
      const call = invocation(callName(operation, resource), given)
      return [
        `${answer(operation)} ${name} =`,
        `${indented(call)};`,
        `System.out.println(${name}.getData());`,
      ]
    },
    modelName: (model) => (model.use.includes('answer') ? answerName(model.name) : paramsName(model.name)),
    member: (field, model) => memberOf(field, model, context),
    words: (text) => text,
    nulls: { answered: '`null`', sent: '`null`' },
    instant: 'ISO 8601.',
  }
}

function memberOf(field: SdkField, model: SdkModel, context: Context) {
  if (!model.use.includes('answer')) return { name: `${member(field)}(…)`, type: sentType(field, context) }
  const type = answerType(field)
  return { name: `${type === 'boolean' ? 'is' : 'get'}${pascal(field.wire)}()`, type }
}

function parameterRows(
  operation: SdkOperation,
  resource: SdkResource,
  description: SdkDescription,
  context: Context,
): readonly Row[] {
  const path = operation.pathParameters.map((field) => ({
    name: member(field),
    type: 'String',
    required: true,
    field,
  }))
  const { params } = callForm(operation, resource, context)
  const fields = operation.body === undefined ? operation.query : bodyFields(operation, description)
  return [
    ...path,
    ...fields.map((field) => ({
      name: `${params}.${member(field)}`,
      type: sentType(field, context),
      required: field.required,
      field,
    })),
  ]
}

function bodyFields({ body }: SdkOperation, { models }: SdkDescription): readonly SdkField[] {
  return models.find(({ name }) => name === body?.model)?.fields ?? []
}

function exampleArguments(
  operation: SdkOperation,
  resource: SdkResource,
  description: SdkDescription,
  context: Context,
): readonly string[] {
  const { path, sent } = exampleCall(operation, description)
  const { params } = callForm(operation, resource, context)
  const ids = path.map(({ value }) => JSON.stringify(value))
  return params === undefined ? ids : [...ids, builder(params, sent, context)]
}

function invocation(name: string, given: readonly string[]): string {
  const single = `${name}(${given.join(', ')})`
  if (!single.includes('\n') && single.length <= 92) return single
  return `${name}(\n${indented(given.join(',\n'))})`
}

function builder(name: string, given: readonly Given[], context: Context): string {
  const calls = given.map(({ field, value }) => `.${member(field)}(${written(value, field.type, context)})`)
  const single = `${name}.builder()${calls.join('')}.build()`
  if (!single.includes('\n') && single.length <= 80) return single
  return `${name}.builder()\n${indented([...calls, '.build()'].join('\n'))}`
}

function written(value: unknown, type: SdkType, context: Context): string {
  if (type.kind === 'list' && Array.isArray(value)) {
    return invocation(
      'List.of',
      value.map((item) => written(item, type.of, context)),
    )
  }
  if (type.kind === 'model' && typeof value === 'object' && value !== null) {
    const fields = context.models.get(type.model)?.fields ?? []
    const given = fields
      .filter(({ wire }) => wire in value)
      .map((field) => ({ field, value: (value as Readonly<Record<string, unknown>>)[field.wire] }))
    return builder(sentName(type.model, context), given, context)
  }
  if (typeof value === 'object' && value !== null) {
    const pairs = Object.entries(value).map(
      ([name, inner]) => `${JSON.stringify(name)}, ${JSON.stringify(inner)}`,
    )
    return `Map.of(${pairs.join(', ')})`
  }
  return JSON.stringify(value)
}
