import type { SdkDescription, SdkField, SdkModel, SdkType } from '../sdk.ts'
import type { Call, Calls, Field, FieldType, Model } from './call.ts'

/** Writes `calls.ts`: the part of the description that snippets need, small enough for a page of the dashboard. */
export function callsFile(description: SdkDescription): string {
  return [
    `// ${description.notice}`,
    "import type { Calls } from './call.ts'",
    '',
    `export const calls: Calls = ${JSON.stringify(callsOf(description), null, 1)}`,
    '',
  ].join('\n')
}

function callsOf({ basePath, resources, models }: SdkDescription): Calls {
  const operations = resources.flatMap((resource) => resource.operations)
  return {
    basePath,
    calls: Object.fromEntries(
      operations.map(({ id, method, path, pathParameters, query, body, answer }): [string, Call] => [
        id,
        {
          method,
          path,
          ids: pathParameters.map(({ wire }) => wire),
          query: query.map(fieldOf),
          ...(body === undefined ? {} : { body: body.model }),
          ...(answer.list ? { list: true } : {}),
        },
      ]),
    ),
    models: Object.fromEntries(
      models.filter(({ use }) => use.includes('request')).map((model) => [model.name, modelOf(model)]),
    ),
  }
}

function modelOf({ fields, use }: SdkModel): Model {
  return { fields: fields.map(fieldOf), ...(use.includes('answer') ? { answered: true } : {}) }
}

function fieldOf({ wire, type, required }: SdkField): Field {
  return { wire, type: typeOf(type), ...(required ? { required } : {}) }
}

function typeOf(type: SdkType): FieldType {
  switch (type.kind) {
    case 'string':
      return type.format === undefined ? { kind: 'string' } : { kind: 'string', format: type.format }
    case 'list':
      return { kind: 'list', of: typeOf(type.of) }
    case 'map':
      return { kind: 'map' }
    default:
      return type
  }
}
