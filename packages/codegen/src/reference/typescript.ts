import type { SdkDescription, SdkField, SdkOperation, SdkResource } from '../sdk.ts'
import { answerType, contextOf, interfaceName, parameterType, typeOfField } from '../targets/typescript.ts'
import { exampleCall, type Given, thingOf } from './example.ts'
import { group, literal, type Notation, quoted } from './literals.ts'
import type { Phrasing, Row } from './page.ts'

const notation: Notation = {
  indent: '  ',
  object: ['{ ', ' }'],
  pair: (name, value) => `${/^[\p{L}_$][\p{L}\d_$]*$/u.test(name) ? name : quoted(name, "'")}: ${value}`,
  quote: "'",
  words: { true: 'true', false: 'false', null: 'null' },
}

export function typescriptPhrasing(description: SdkDescription): Phrasing {
  const context = contextOf(description)
  const sentType = (field: SdkField, owner: string, isQuery: boolean) =>
    typeOfField(field, { owner, isSent: true, ...(isQuery ? { isQuery } : {}) }, context)
  const row = (field: SdkField, owner: string, isQuery: boolean): Row => ({
    name: field.wire,
    type: [...sentType(field, owner, isQuery), ...(field.nullable ? ['null'] : [])].join(' | '),
    required: field.required,
    field,
  })
  const callName = ({ names }: SdkOperation, { wire }: SdkResource) => `commet.${wire}.${names.typescript}`
  return {
    fence: 'ts',
    package: '@commet/node',
    opening: [
      "import { Commet } from '@commet/node'",
      '',
      'const commet = new Commet({ apiKey: process.env.COMMET_API_KEY })',
    ],
    rules: [
      'The parameters of a call are one object. The last argument of every call, `options`, holds `idempotencyKey`, `timeout` (milliseconds), `retries`, `apiVersion` and `signal` of that one call.',
      'A call resolves to `{ data, statusCode, requestId }`. A list is awaited for one page (`data`, `hasMore`, `nextCursor`, `requestId`) or walked with `for await`.',
      'A refusal is thrown as `CommetAPIError` (bad fields as `CommetValidationError`), no answer as `CommetConnectionError` or `CommetTimeoutError`, a wrong argument as `CommetError`.',
    ],
    callName,
    parameters: (operation, resource) => [
      ...pathRows(operation, parameterType(operation, resource, context)?.name === 'reference'),
      ...fieldsSent(operation, description).map((field) =>
        row(field, operation.body?.model ?? '', operation.body === undefined),
      ),
    ],
    answer: (operation) => answerType(operation, context),
    example: (operation, resource) => {
      const { path, sent } = exampleCall(operation, description)
      const given = [...path, ...sent]
      const reference = parameterType(operation, resource, context)?.name === 'reference'
      const argument = reference ? quoted(String(path[0]?.value), "'") : objectOf(operation, given)
      const answered = operation.answer.list ? 'page' : '{ data }'
      return [
        `const ${answered} = await ${callName(operation, resource)}(${argument})`,
        ...shown(operation, resource),
      ]
    },
    modelName: ({ name }) => interfaceName(name, context),
    member: (field, model) => {
      const place = { owner: model.name, isSent: !model.use.includes('answer') }
      const types = [...typeOfField(field, place, context), ...(field.nullable ? ['null'] : [])]
      return { name: field.required ? field.wire : `${field.wire}?`, type: types.join(' | ') }
    },
    words: (text) => text,
    nulls: { answered: '`null`', sent: '`null`' },
    instant: 'ISO 8601.',
  }
}

function pathRows({ pathParameters }: SdkOperation, byReference: boolean): readonly Row[] {
  return pathParameters.map((field) => {
    const isCustomer = field.reference === 'customer' && pathParameters.length === 1
    const names = isCustomer ? '`id` or `customerId`' : `\`${field.wire}\``
    return {
      name: byReference ? 'reference' : isCustomer ? 'id / customerId' : field.wire,
      type: byReference ? (isCustomer ? 'CustomerReference' : 'Reference') : 'string',
      required: true,
      field,
      ...(byReference ? { meaning: `${said(field)}A text, or an object with ${names}.` } : {}),
    }
  })
}

function said({ description }: SdkField): string {
  return description === undefined ? '' : `${description.replace(' (percent-encoded in a path)', '')} `
}

function fieldsSent({ body, query }: SdkOperation, { models }: SdkDescription): readonly SdkField[] {
  return body === undefined ? query : (models.find(({ name }) => name === body.model)?.fields ?? [])
}

function objectOf(operation: SdkOperation, given: readonly Given[]): string {
  const isCustomer =
    operation.pathParameters.length === 1 && operation.pathParameters[0]?.reference === 'customer'
  const parts = given.map(({ field, value }, index) =>
    notation.pair(isCustomer && index === 0 ? 'customerId' : field.wire, literal(value, notation, 8)),
  )
  return parts.length === 0 ? '' : group(parts, notation.object, { column: 40, indent: notation.indent })
}

function shown(operation: SdkOperation, resource: SdkResource): readonly string[] {
  return thingOf(operation, resource) === 'page'
    ? ['console.log(page.data.length, page.nextCursor)']
    : ['console.log(data)']
}
