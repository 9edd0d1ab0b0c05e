import type { SdkDescription, SdkField, SdkModel, SdkOperation, SdkResource, SdkType } from '../sdk.ts'
import {
  answerField,
  type Context,
  contextOf,
  goName,
  inGo,
  isListAlone,
  paramsName,
  paramsType,
  pathName,
  queryName,
  queryType,
  sentType,
  variableName,
} from '../targets/go.ts'
import { exampleCall, type Given, thingOf } from './example.ts'
import { indented } from './literals.ts'
import type { Phrasing, Row } from './page.ts'

export function goPhrasing(description: SdkDescription): Phrasing {
  const context = contextOf(description)
  const callName = ({ names }: SdkOperation, resource: SdkResource) =>
    `client.${resource.names.go}.${names.go}`
  return {
    fence: 'go',
    package: 'commet-go',
    opening: ['client, err := commet.New(os.Getenv("COMMET_API_KEY"))', ...failing],
    rules: [
      'The first argument of every call is a `context.Context`; the last ones are options of that one call (`WithTimeout`, `WithRetries`, `WithAPIVersion`, `WithIdempotencyKey`).',
      'A call returns a `*Response` with `Data`, `StatusCode` and `RequestID`. A list returns one `*Page` with `Data`, `HasMore` and `NextCursor`; the method of the same name with `AutoPaging` walks all pages.',
      'A refusal is an `*Error` (bad fields a `*ValidationError`), no answer a `*ConnectionError` or `*TimeoutError`, a wrong argument an `*ArgumentError`: tell them apart with `errors.As`.',
      'A field that is not set is not sent; name it in `NullFields` to send null, which clears it.',
    ],
    callName,
    parameters: (operation, resource) => parameterRows(operation, resource, description, context),
    answer: ({ answer }) => {
      const model = answer.type.kind === 'model' ? goName(answer.type.model) : 'any'
      return answer.list ? `*Page[${model}]` : `*Response[${model}]`
    },
    example: (operation, resource) => {
      const name = thingOf(operation, resource) === 'page' ? 'page' : 'result'
      const given = exampleArguments(operation, resource, description, context)
      const all = ['ctx', ...given].join(', ')
      return [
        `${name}, err := ${callName(operation, resource)}(${all})`,
        ...failing,
        `fmt.Println(${name}.Data)`,
      ]
    },
    modelName: (model) => (model.use.includes('answer') ? goName(model.name) : paramsName(model.name)),
    member: (field, model) => ({ name: field.names.go, type: memberType(field, model, context) }),
    words: inGo,
    nulls: { answered: '`nil`', sent: 'null, by its name in `NullFields`' },
    instant: '',
  }
}

const failing = ['if err != nil {', '\tlog.Fatal(err)', '}']

function memberType(field: SdkField, model: SdkModel, { body }: Context): string {
  if (!model.use.includes('answer')) return paramsType(field.type, { required: field.required, body })
  const [, type = ''] = /^\w+ (.+) `/.exec(answerField(field, model.use.includes('request')).line) ?? []
  return type
}

function parameterRows(
  operation: SdkOperation,
  resource: SdkResource,
  description: SdkDescription,
  { body }: Context,
): readonly Row[] {
  const path = operation.pathParameters.map((field) => ({
    name: pathName(field, resource),
    type: 'string',
    required: true,
    field,
  }))
  const model = bodyOf(operation, description)
  if (model === undefined)
    return [...path, ...operation.query.map((field) => queryRow(field, operation, resource))]
  const [first] = model.fields
  if (isListAlone(model) && first !== undefined) {
    const type = sentType(first.type, { required: true, body })
    return [...path, { name: variableName(first), type, required: true, field: first }, keyRow]
  }
  return [
    ...path,
    ...model.fields.map((field) => ({
      name: `params.${field.names.go}`,
      type: paramsType(field.type, { required: field.required, body }),
      required: field.required,
      field,
    })),
  ]
}

const keyRow: Row = {
  name: 'idempotencyKey',
  type: 'string',
  required: true,
  field: undefined,
  meaning: 'Makes the call safe to repeat; `""` for one of its own.',
}

function queryRow(field: SdkField, _operation: SdkOperation, _resource: SdkResource): Row {
  return { name: `params.${field.names.go}`, type: queryType(field), required: field.required, field }
}

function bodyOf({ body }: SdkOperation, { models }: SdkDescription): SdkModel | undefined {
  return body === undefined ? undefined : models.find(({ name }) => name === body.model)
}

function exampleArguments(
  operation: SdkOperation,
  resource: SdkResource,
  description: SdkDescription,
  context: Context,
): readonly string[] {
  const { path, sent } = exampleCall(operation, description)
  const ids = path.map(({ value }) => JSON.stringify(value))
  const model = bodyOf(operation, description)
  if (model === undefined) {
    if (operation.query.length === 0) return ids
    const fields = sent.map(({ field, value }) => member(field, JSON.stringify(value)))
    return [...ids, struct(`&commet.${queryName(operation, resource)}`, fields)]
  }
  const [first] = sent
  if (isListAlone(model) && first !== undefined) {
    return [...ids, value(first.value, first.field.type, context, false), '""']
  }
  return [...ids, structOf(`&commet.${paramsName(model.name)}`, sent, context)]
}

function structOf(start: string, given: readonly Given[], context: Context): string {
  return struct(
    start,
    given.map(({ field, value: shown }) => member(field, pointed(shown, field, context))),
  )
}

type Member = readonly [name: string, value: string]

function member({ names }: SdkField, shown: string): Member {
  return [names.go, shown]
}

/** Values that may be left out stand behind a pointer, but for texts, lists and maps. */
function pointed(shown: unknown, { type, required }: SdkField, context: Context): string {
  const bare = value(shown, type, context, !required)
  if (required) return bare
  if (type.kind === 'integer') return `commet.Int64(${bare})`
  return type.kind === 'boolean' ? `commet.Bool(${bare})` : bare
}

function value(shown: unknown, type: SdkType, context: Context, behindPointer: boolean): string {
  if (type.kind === 'list' && Array.isArray(shown)) {
    const item = sentType(type.of, { required: true, body: context.body })
    const items = shown.map((one) => value(one, type.of, context, false).replace(/^commet\.\w+/, ''))
    return struct(
      `[]${qualified(item)}`,
      items.map((one) => ['', one] as const),
    )
  }
  if (type.kind === 'model' && typeof shown === 'object' && shown !== null) {
    const name = sentType(type, { required: true, body: context.body })
    const fields = context.models.get(type.model)?.fields ?? []
    const given = fields
      .filter(({ wire }) => wire in shown)
      .map((field) => ({
        field,
        value: (shown as Readonly<Record<string, unknown>>)[field.wire],
      }))
    return structOf(`${behindPointer ? '&' : ''}commet.${name}`, given, context)
  }
  if (typeof shown === 'object' && shown !== null) {
    const pairs = Object.entries(shown).map(
      ([name, inner]) => `${JSON.stringify(name)}: ${JSON.stringify(inner)}`,
    )
    return `map[string]any{${pairs.join(', ')}}`
  }
  return shown === null ? 'nil' : JSON.stringify(shown)
}

function qualified(type: string): string {
  return /^[A-Z]/.test(type) ? `commet.${type}` : type
}

/** As gofmt leaves it: on one line where it fits, else aligned. */
function struct(start: string, members: readonly Member[]): string {
  const single = `${start}{${members.map(([name, shown]) => (name === '' ? shown : `${name}: ${shown}`)).join(', ')}}`
  if (!single.includes('\n') && single.length <= 70) return single
  const width = Math.max(...members.map(([name]) => name.length)) + 2
  const lines = members.map(([name, shown]) => (name === '' ? shown : `${name}:`.padEnd(width) + shown))
  return [`${start}{`, ...lines.map((line) => `${indented(line, '\t')},`), '}'].join('\n')
}
