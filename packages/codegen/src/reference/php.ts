import type { SdkDescription, SdkField, SdkOperation, SdkResource } from '../sdk.ts'
import { answerType, argumentsOf } from '../targets/php.ts'
import { exampleCall, type Given, thingOf } from './example.ts'
import { group, literal, type Notation } from './literals.ts'
import type { Phrasing } from './page.ts'

const notation: Notation = {
  indent: '    ',
  object: ['[', ']'],
  pair: (name, value) => `'${name}' => ${value}`,
  quote: "'",
  words: { true: 'true', false: 'false', null: 'null' },
}

export function phpPhrasing(description: SdkDescription): Phrasing {
  const models = new Map(description.models.map((model) => [model.name, model]))
  const callName = ({ names }: SdkOperation, resource: SdkResource) =>
    `$commet->${resource.names.php}->${names.php}`
  return {
    fence: 'php',
    package: 'commet-php',
    opening: [
      "require 'vendor/autoload.php';",
      '',
      'use Commet\\Commet;',
      '',
      "$commet = new Commet(apiKey: getenv('COMMET_API_KEY') ?: null);",
    ],
    rules: [
      'Arguments go by name; the one that comes first may go without.',
      'A call returns an `ApiResponse` with `data`, `statusCode` and `requestId`. A list returns one `Page` with `data`, `hasMore` and `nextCursor`; `autoPagingIterator()` walks all pages.',
      'A refusal is thrown as `ApiException` (bad fields as `ValidationException`), no answer as `ConnectionException` or `TimeoutException`.',
      'An argument that is left out is not sent. `null` is sent where it clears the field; of a field that cannot be cleared it is the same as leaving it out.',
      'Objects are in the namespace `Commet\\Models`.',
    ],
    callName,
    parameters: (operation, resource) =>
      argumentsOf(operation, resource.wire, models).map(({ name, documented, otherwise, note }, index) => {
        const field = fieldOf(name, index, operation, description)
        return {
          name: `$${name}`,
          type: documented.replace('|NotGiven', '').replaceAll('Models\\', ''),
          required: otherwise === undefined || (index === 0 && operation.pathParameters.length > 0),
          field,
          ...(field === undefined ? { meaning: note } : {}),
        }
      }),
    answer: ({ answer }) => {
      const model = answer.type.kind === 'model' ? answer.type.model : 'mixed'
      return answer.list ? `Page<${model}>` : `ApiResponse<${model}>`
    },
    example: (operation, resource) => {
      const thing = thingOf(operation, resource)
      const name = thing === 'page' ? '$page' : '$result'
      const call = group(exampleArguments(operation, description), ['(', ')'], {
        column: 50,
        indent: notation.indent,
      })
      return [
        `${name} = ${callName(operation, resource)}${call};`,
        thing === 'page'
          ? 'echo count($page->data), \' \', $page->nextCursor, "\\n";'
          : 'print_r($result->data->toArray());',
      ]
    },
    modelName: ({ name }) => name,
    member: (field) => ({ name: `$${field.names.php}`, type: answerType(field) }),
    words: (text) => text,
    nulls: { answered: '`null`', sent: '`null`' },
    instant: 'ISO 8601.',
  }
}

function fieldOf(
  name: string,
  index: number,
  { body, query, pathParameters }: SdkOperation,
  { models }: SdkDescription,
): SdkField | undefined {
  if (index < pathParameters.length) return pathParameters[index]
  const sent = body === undefined ? query : (models.find((model) => model.name === body.model)?.fields ?? [])
  return sent.find(({ names }) => names.php === name)
}

function exampleArguments(operation: SdkOperation, description: SdkDescription): readonly string[] {
  const { path, sent } = exampleCall(operation, description)
  const written = ({ value }: Given) => literal(value, notation, 8)
  return [...path.map(written), ...sent.map((given) => `${given.field.names.php}: ${written(given)}`)]
}
