import type { SdkDescription, SdkField, SdkOperation, SdkResource } from '../sdk.ts'
import { answerType, argumentsOf, inPython, paramName, paramType, snake } from '../targets/python.ts'
import { exampleCall, type Given, thingOf } from './example.ts'
import { group, literal, type Notation } from './literals.ts'
import type { Phrasing } from './page.ts'

const notation: Notation = {
  indent: '    ',
  object: ['{', '}'],
  pair: (name, value) => `"${name}": ${value}`,
  quote: '"',
  words: { true: 'True', false: 'False', null: 'None' },
}

export function pythonPhrasing(description: SdkDescription): Phrasing {
  const models = new Map(description.models.map((model) => [model.name, model]))
  const callName = ({ names }: SdkOperation, resource: SdkResource) =>
    `commet.${resource.names.python}.${names.python}`
  return {
    fence: 'python',
    package: 'commet-sdk',
    opening: [
      'import os',
      '',
      'from commet import Commet',
      '',
      'commet = Commet(api_key=os.environ["COMMET_API_KEY"])',
    ],
    rules: [
      'Arguments go by name; the one that comes first may go without. `AsyncCommet` has the same calls, to be awaited; its lists may be walked with `async for` as well.',
      'A call returns an `ApiResponse` with `data`, `status_code` and `request_id`. A list returns one page with `data`, `has_more` and `next_cursor`; walking it fetches the pages after it.',
      'A refusal is raised as `CommetAPIError` (bad fields as `CommetValidationError`), no answer as `CommetConnectionError` or `CommetTimeoutError`.',
      'An argument that is left out is not sent; `None` is sent as null, which clears a field.',
    ],
    callName,
    parameters: (operation, resource) => {
      const { positional, keyword } = argumentsOf(operation, resource.wire, models)
      return [...positional, ...keyword].map(({ name, type, otherwise, note }) => {
        const field = fieldOf(name, operation, description)
        return {
          name,
          type: type
            .replace('NotGiven, ', '')
            .replace(', NotGiven', '')
            .replace(/^Union\[(\w+)\]$/, '$1'),
          required: otherwise === undefined || isTheOne(operation, name, positional),
          field,
          ...(field === undefined ? { meaning: inMarkdown(note) } : {}),
        }
      })
    },
    answer: ({ answer }) => {
      const model = answer.type.kind === 'model' ? answer.type.model : 'Any'
      return answer.list ? `Page[${model}]` : `ApiResponse[${model}]`
    },
    example: (operation, resource) => {
      const thing = thingOf(operation, resource)
      const name = thing === 'page' ? 'page' : 'response'
      const call = group(exampleArguments(operation, resource, description), ['(', ')'], {
        column: 50,
        indent: notation.indent,
      })
      return [
        `${name} = ${callName(operation, resource)}${call}`,
        thing === 'page' ? 'print(len(page.data), page.next_cursor)' : 'print(response.data)',
      ]
    },
    modelName: (model) => (model.use.includes('answer') ? model.name : paramName(model)),
    member: (field, model) => ({
      name: field.names.python,
      type: model.use.includes('answer') ? answerType(field) : paramType(field),
    }),
    words: inMarkdown,
    nulls: { answered: '`None`', sent: '`None`' },
    instant: 'ISO 8601.',
  }
}

function inMarkdown(text: string): string {
  return inPython(text).replaceAll('``', '`')
}

/** The first of the two names of the one thing that a path names: one of them must be given. */
function isTheOne(
  { pathParameters }: SdkOperation,
  name: string,
  positional: readonly { name: string }[],
): boolean {
  return pathParameters.length > 0 && positional[0]?.name === name
}

function fieldOf(
  name: string,
  { body, query, pathParameters }: SdkOperation,
  { models }: SdkDescription,
): SdkField | undefined {
  const sent = body === undefined ? query : (models.find((model) => model.name === body.model)?.fields ?? [])
  const own = sent.find(({ names }) => names.python === name)
  if (own !== undefined) return own
  return name.endsWith('_id') || pathParameters.some(({ names }) => names.python === name && name !== 'id')
    ? pathParameters.find(({ wire, names }) => wire === 'id' || names.python === name)
    : undefined
}

function exampleArguments(
  operation: SdkOperation,
  resource: SdkResource,
  description: SdkDescription,
): readonly string[] {
  const models = new Map(description.models.map((model) => [model.name, model]))
  const { path, sent } = exampleCall(operation, description)
  const { positional } = argumentsOf(operation, resource.wire, models)
  const written = ({ field, value }: Given) =>
    literal(value, field.type.kind === 'map' ? notation : { ...notation, name: snake }, 8)
  return [
    ...path.map(written),
    ...sent.map((given) => {
      const name = given.field.names.python
      return positional.some((argument) => argument.name === name)
        ? written(given)
        : `${name}=${written(given)}`
    }),
  ]
}
