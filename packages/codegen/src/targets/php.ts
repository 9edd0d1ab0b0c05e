import { pascal, singular } from '../names.ts'
import {
  isAbsentIfNull,
  type SdkDescription,
  type SdkField,
  type SdkModel,
  type SdkOperation,
  type SdkResource,
  type SdkType,
} from '../sdk.ts'
import type { Target } from './target.ts'

/**
 * The PHP library: a class for each result (`Models/`), for each resource (`Resources/`), the class the client extends
 * (`Resources.php`), and what fields of what is sent hold (`Core/Shapes.php`). The rest is written by hand.
 */
export const php: Target = { language: 'php', files }

const folder = 'sdks/php/src'
const widest = 120

export function files(description: SdkDescription): ReadonlyMap<string, string> {
  const models = new Map(description.models.map((model) => [model.name, model]))
  const answers = description.models.filter(({ use }) => use.includes('answer'))
  const context = { models, errors: description.errors }
  const all: readonly (readonly [file: string, lines: Lines])[] = [
    ['Resources.php', resourcesFile(description)],
    ['Core/Shapes.php', shapesFile(description, models)],
    ...answers.map((model) => [`Models/${model.name}.php`, modelFile(model)] as const),
    ...description.resources.map(
      (resource) => [`Resources/${pascal(resource.wire)}.php`, resourceFile(resource, context)] as const,
    ),
  ]
  const start = ['<?php', '', `// ${description.notice}`, '', 'declare(strict_types=1);', '']
  return new Map(all.map(([file, lines]) => [`${folder}/${file}`, `${[...start, ...lines].join('\n')}\n`]))
}

type Models = ReadonlyMap<string, SdkModel>
type Lines = readonly string[]
type Context = { readonly models: Models; readonly errors: SdkDescription['errors'] }

// -------------------------------------------------------------------------------------- Resources.php

/** Deliveries are verified where endpoints are managed; this part is written by hand. */
const verifying = 'webhooks'

function resourcesFile({ resources }: SdkDescription): Lines {
  const managed = resources.some(({ wire }) => wire === verifying)
  const all = [
    ...resources.map(({ wire, names }) => ({ name: names.php, type: pascal(wire), caller: '$caller' })),
    ...(managed ? [] : [{ name: verifying, type: 'Webhooks', caller: '' }]),
  ].sort((a, b) => (a.name < b.name ? -1 : 1))
  const imported = resources.map(({ wire }) => `Commet\\Resources\\${pascal(wire)}`)
  return [
    'namespace Commet;',
    '',
    ...imports(['Commet\\Core\\Caller', ...imported]),
    '',
    ...docblock(['Every resource of the API.'], 0),
    'abstract class Resources',
    '{',
    ...all.map(({ name, type }) => `    public readonly ${type} $${name};`),
    '',
    ...docblock(['@internal'], 4),
    '    protected function __construct(Caller $caller)',
    '    {',
    ...all.map(({ name, type, caller }) => `        $this->${name} = new ${type}(${caller});`),
    '    }',
    '}',
  ]
}

// ----------------------------------------------------------------------------------------- Shapes.php

function shapesFile(description: SdkDescription, models: Models): Lines {
  const bodies = description.resources.flatMap(({ operations }) =>
    operations.flatMap(({ body }) => (body === undefined ? [] : [known(models, body.model)])),
  )
  return [
    'namespace Commet\\Core;',
    '',
    ...docblock(
      [
        'Which fields of what is sent hold objects of the API, which hold keys of the caller, and which are left out where',
        'they are null. Everything else goes out as it is.',
        '',
        '@internal',
      ],
      0,
    ),
    'final class Shapes',
    '{',
    ...withNested(bodies, models).flatMap((model, index) => [
      ...(index === 0 ? [] : ['']),
      ...shapeConstant(model),
    ]),
    '}',
  ]
}

function shapeConstant(model: SdkModel): Lines {
  const entries = model.fields.flatMap((field) => {
    const shape = shapeOf(field.type)
    if (isAbsentIfNull(field)) return [`        '${field.wire}?' => ${shape ?? 'null'},`]
    return shape === undefined ? [] : [`        '${field.wire}' => ${shape},`]
  })
  const start = `    public const ${shapeName(model.name)} = [`
  return entries.length === 0 ? [`${start}];`] : [start, ...entries, '    ];']
}

function shapeOf(type: SdkType): string | undefined {
  switch (type.kind) {
    case 'model':
      return `self::${shapeName(type.model)}`
    case 'map':
      return 'Params::MAP'
    case 'list': {
      const inner = shapeOf(type.of)
      return inner === undefined ? undefined : `[${inner}]`
    }
    default:
      return undefined
  }
}

function shapeName(model: string): string {
  return model.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase()
}

function withNested(roots: readonly SdkModel[], models: Models): readonly SdkModel[] {
  const found = new Set<SdkModel>()
  const visit = (model: SdkModel) => {
    if (found.has(model)) return
    for (const { type } of model.fields) {
      const inner = modelIn(type)
      if (inner !== undefined) visit(known(models, inner))
    }
    found.add(model)
  }
  for (const root of roots) visit(root)
  return [...found]
}

// -------------------------------------------------------------------------------------------- Models/

function modelFile(model: SdkModel): Lines {
  const nested = model.fields.flatMap(({ wire, type }) => {
    const name = modelIn(type)
    return name === undefined ? [] : [`        '${wire}' => ${name}::class,`]
  })
  const maps = model.fields.filter(({ type }) => type.kind === 'map').map(({ wire }) => `'${wire}'`)
  const constants = [
    constant(
      'FIELDS',
      model.fields.map(({ wire }) => `        '${wire}',`),
    ),
    ...(nested.length === 0 ? [] : [constant('MODELS', nested)]),
    ...(maps.length === 0 ? [] : [[`    protected const MAPS = [${maps.join(', ')}];`]]),
  ]
  return [
    'namespace Commet\\Models;',
    '',
    'use Commet\\Model;',
    '',
    ...docblock(
      [
        ...wrap(sentence(model.description ?? `A ${model.name}.`), 3),
        '',
        ...model.fields.flatMap((field) =>
          tag('property-read', [answerType(field), `$${field.names.php}`], answerNote(field)),
        ),
      ],
      0,
    ),
    `final class ${model.name} extends Model`,
    '{',
    ...constants.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines])),
    '}',
  ]
}

function constant(name: string, entries: Lines): Lines {
  return [`    protected const ${name} = [`, ...entries, '    ];']
}

export function answerType({ type, required, nullable }: SdkField): string {
  const bare = resultType(type)
  return bare !== 'mixed' && (nullable || !required) ? `${bare}|null` : bare
}

function resultType(type: SdkType): string {
  switch (type.kind) {
    case 'integer':
      return 'int'
    case 'number':
      return 'int|float'
    case 'boolean':
      return 'bool'
    case 'string':
      return 'string'
    case 'list':
      return `list<${resultType(type.of)}>`
    case 'map':
      return `array<string, ${resultType(type.values)}>`
    case 'model':
      return type.model
    case 'any':
      return 'mixed'
  }
}

function answerNote({ description, type }: SdkField): string {
  if (type.kind !== 'string') return description ?? ''
  const values = type.values !== undefined && type.values.length > 1 ? type.values : []
  return [
    description ?? '',
    type.format === 'date-time' && description === undefined ? 'ISO 8601, UTC.' : '',
    values.length === 0 ? '' : `Known values: ${values.join(', ')}.`,
  ]
    .filter((words) => words !== '')
    .join(' ')
}

// ----------------------------------------------------------------------------------------- Resources/

function resourceFile(resource: SdkResource, context: Context): Lines {
  const methods = resource.operations.map((operation) => method(operation, resource.wire, context))
  const text = methods.flat().join('\n')
  const extended = resource.wire === verifying
  const named = [
    ['Commet\\ApiResponse', 'ApiResponse'],
    ['Commet\\Core\\Params', 'Params'],
    ['Commet\\Core\\Shapes', 'Shapes'],
    ['Commet\\Exceptions\\ApiException', 'ApiException'],
    ['Commet\\Models', 'Models'],
    ['Commet\\NotGiven', 'NotGiven'],
    ['Commet\\Page', 'Page'],
  ] as const
  return [
    'namespace Commet\\Resources;',
    '',
    ...imports([
      'Commet\\Core\\Caller',
      ...named.filter(([, word]) => mentions(text, word)).map(([name]) => name),
      ...(extended ? ['Commet\\Webhooks as WebhookVerifier'] : []),
    ]),
    '',
    ...docblock([`The resource ${resource.names.php}.`], 0),
    `final class ${pascal(resource.wire)}${extended ? ' extends WebhookVerifier' : ''}`,
    '{',
    ...docblock(['@internal'], 4),
    '    public function __construct(private readonly Caller $caller)',
    '    {',
    '    }',
    ...methods.flatMap((lines) => ['', ...lines]),
    '}',
  ]
}

/** As a class of its own, not as part of another name or behind a $. */
function mentions(text: string, word: string): boolean {
  return new RegExp(`(?<![\\w$\\\\'])${word}(?!\\w)`).test(text)
}

type Argument = {
  readonly name: string
  /** What PHP checks, and what is documented. */
  readonly type: string
  readonly documented: string
  /** Nothing for an argument that must be given. */
  readonly otherwise?: string
  readonly note: string
}

function method(operation: SdkOperation, resource: string, context: Context): Lines {
  const given = argumentsOf(operation, resource, context.models)
  const model = answeredModel(operation)
  const returned = operation.answer.list ? 'Page' : 'ApiResponse'
  return [
    ...docblock(
      [
        ...wrap(sentence(operation.description), 7),
        '',
        ...given.flatMap(({ name, documented, note }) => tag('param', [documented, `$${name}`], note, 4)),
        ...(given.length === 0 ? [] : ['']),
        `@return ${returned}<${model}${operation.answer.nullable === true ? '|null' : ''}>`,
        ...thrown(operation, context.errors),
      ],
      4,
    ),
    ...signature(operation.names.php, given, returned),
    ...callOf(operation, { resource, model, models: context.models }),
    '    }',
  ]
}

function signature(name: string, given: readonly Argument[], returned: string): Lines {
  const parameters = given.map(
    ({ name: own, type, otherwise }) => `${type} $${own}${otherwise === undefined ? '' : ` = ${otherwise}`}`,
  )
  const single = `    public function ${name}(${parameters.join(', ')}): ${returned}`
  if (single.length <= widest) return [single, '    {']
  return [
    `    public function ${name}(`,
    ...parameters.map((parameter) => `        ${parameter},`),
    `    ): ${returned} {`,
  ]
}

/**
 * Who is meant comes first; then the fields in the order of the contract, those that must be given before the others, as
 * PHP asks; last what only repeats or qualifies.
 */
export function argumentsOf(operation: SdkOperation, resource: string, models: Models): readonly Argument[] {
  const path = pathArguments(operation, resource, models)
  const sent = bodyFields(operation, models).map((field) => bodyArgument(field, models))
  return [
    ...path.first,
    ...sent.filter(({ otherwise }) => otherwise === undefined),
    ...sent.filter(({ otherwise }) => otherwise !== undefined),
    ...operation.query.map(queryArgument),
    ...path.last,
    ...(operation.idempotencyKey ? [idempotencyArgument(sent)] : []),
  ]
}

/**
 * One identifier goes by `customerId` or by `id`. Where several are named, or other arguments must be given (before which
 * PHP wants nothing that may be left out), each has its own name only.
 */
function pathArguments(operation: SdkOperation, resource: string, models: Models) {
  const { pathParameters } = operation
  const [first] = pathParameters
  if (first === undefined) return { first: [], last: [] }
  const name = pathName(first, resource)
  if (!goesByTwoNames(operation, models)) {
    const all = pathParameters.map((field) => ({
      name: pathName(field, resource),
      type: 'string',
      documented: 'string',
      note: noteOf(field),
    }))
    return { first: all, last: [] }
  }
  const text = {
    type: 'string|NotGiven',
    documented: 'string|NotGiven',
    otherwise: notGiven,
  }
  return {
    first: [{ name, ...text, note: noteOf(first) }],
    last: [{ name: 'id', ...text, note: `The same as ${name}; give one of them.` }],
  }
}

function goesByTwoNames(operation: SdkOperation, models: Models): boolean {
  const { pathParameters } = operation
  const alone = pathParameters.length === 1 && pathParameters[0]?.wire === 'id'
  return alone && !bodyFields(operation, models).some(({ required }) => required)
}

const notGiven = 'NotGiven::Value'

function pathName({ wire, names }: SdkField, resource: string): string {
  return wire === 'id' ? `${singular(resource)}Id` : names.php
}

function bodyArgument(field: SdkField, models: Models): Argument {
  const types = sentTypes(field.type, models)
  const argument = { name: field.names.php, note: `${noteOf(field)}${keysOf(field.type, models)}`.trim() }
  const mixed = types.checked.includes('mixed')
  // Null may be said of every optional field: it clears one, or is the same as leaving it out.
  const rest = field.required ? (field.nullable ? ['null'] : []) : ['NotGiven', 'null']
  return {
    ...argument,
    type: mixed ? 'mixed' : [...types.checked, ...rest].join('|').replace(/^(\w+)\|null$/, '?$1'),
    documented: mixed ? 'mixed' : [...types.documented, ...rest].join('|'),
    ...(field.required ? {} : { otherwise: notGiven }),
  }
}

function queryArgument(field: SdkField): Argument {
  const types = sentTypes(field.type, new Map())
  const type = [...types.checked, 'null'].join('|')
  return {
    name: field.names.php,
    type: type.replace(/^(\w+)\|null$/, '?$1'),
    documented: [...types.documented, 'null'].join('|'),
    otherwise: 'null',
    note: noteOf(field),
  }
}

function idempotencyArgument(sent: readonly Argument[]): Argument {
  const taken = sent.some(({ name }) => name === 'idempotencyKey')
  return {
    name: taken ? 'requestIdempotencyKey' : 'idempotencyKey',
    type: '?string',
    documented: 'string|null',
    otherwise: 'null',
    note: 'Sent as the header; without one, a call that may be retried makes its own.',
  }
}

function sentTypes(
  type: SdkType,
  models: Models,
): { readonly checked: readonly string[]; readonly documented: readonly string[] } {
  switch (type.kind) {
    case 'string': {
      // Editors offer the values; PHP takes any text, for the server may know more of them.
      if (type.values !== undefined)
        return { checked: ['string'], documented: type.values.map((value) => `'${value}'`) }
      const types = type.format === 'date-time' ? ['\\DateTimeInterface', 'string'] : ['string']
      return { checked: types, documented: types }
    }
    case 'number':
      return { checked: ['int', 'float'], documented: ['int', 'float'] }
    case 'list':
      return { checked: ['array'], documented: [`list<${sentTypes(type.of, models).documented.join('|')}>`] }
    case 'map': {
      const values = type.values.kind === 'string' ? 'string|int|float|bool' : resultType(type.values)
      return { checked: ['array'], documented: [`array<int|string, ${values}>`] }
    }
    case 'model': {
      // What was answered may be sent back as it is.
      const also = models.get(type.model)?.use.includes('answer') === true ? [modelClass(type.model)] : []
      return { checked: ['array', ...also], documented: ['array<string, mixed>', ...also] }
    }
    default: {
      const bare = resultType(type)
      return { checked: [bare], documented: [bare] }
    }
  }
}

/** The keys of an array that stands for an object of the API. */
function keysOf(type: SdkType, models: Models): string {
  const name = modelIn(type)
  if (name === undefined) return ''
  const keys = known(models, name).fields.map(({ names, required }) =>
    required ? names.php : `${names.php}?`,
  )
  return ` Keys${type.kind === 'list' ? ' of an item' : ''}: ${keys.join(', ')}.`
}

function bodyFields({ body }: SdkOperation, models: Models): readonly SdkField[] {
  return body === undefined ? [] : known(models, body.model).fields
}

const everywhere: ReadonlySet<string> = new Set(
  'validation_error unauthorized forbidden rate_limited internal_error invalid_json idempotency_in_progress idempotency_key_mismatch not_found'.split(
    ' ',
  ),
)

function thrown({ errors: codes }: SdkOperation, errors: SdkDescription['errors']): Lines {
  const own = codes
    .filter((code) => !everywhere.has(code))
    .map((code) => `${code} (${(errors[code] as { readonly status: number }).status})`)
  return own.length === 0 ? [] : ['', ...tag('throws', ['ApiException'], own.join(', '), 4)]
}

function callOf(
  operation: SdkOperation,
  { resource, model, models }: { resource: string; model: string; models: Models },
): Lines {
  const fields = bodyFields(operation, models)
  const key = idempotencyArgument(fields.map((field) => bodyArgument(field, models))).name
  const query = operation.query.map(({ wire, names }) => `                '${wire}' => $${names.php},`)
  const { list } = operation.answer
  return [
    `        return $this->caller->${list ? 'requestList' : 'request'}(`,
    `            ${model}::class,`,
    ...(list ? [] : [`            '${methodOf(operation)}',`]),
    `            ${pathExpression(operation, resource, models)},`,
    ...(query.length === 0 ? [] : ['            query: [', ...query, '            ],']),
    ...(operation.body === undefined
      ? []
      : [
          '            body: Params::body(',
          '                [',
          ...fields.map(({ wire, names }) => `                    '${wire}' => $${names.php},`),
          '                ],',
          `                Shapes::${shapeName(operation.body.model)},`,
          '            ),',
        ]),
    ...(operation.idempotencyKey ? [`            idempotencyKey: $${key},`] : []),
    '        );',
  ]
}

/** The default version updates with PUT, which later versions take as well. */
function methodOf({ method: own, aliases }: SdkOperation): string {
  return aliases.includes('PUT') ? 'PUT' : own
}

function pathExpression(operation: SdkOperation, resource: string, models: Models): string {
  const { path, pathParameters } = operation
  const alone = goesByTwoNames(operation, models)
  const parts = path.split(/\{(\w+)\}/).map((part, index) => {
    if (index % 2 === 0) return part === '' ? '' : `'${part}'`
    const field = pathParameters.find(({ wire }) => wire === part)
    if (field === undefined) throw new Error(`${path} names no parameter ${part}`)
    const name = pathName(field, resource)
    return alone
      ? `Params::segment(Params::oneOf(['${name}' => $${name}, 'id' => $id]))`
      : `Params::segment($${name})`
  })
  return parts.filter((part) => part !== '').join(' . ')
}

function answeredModel({ id, answer: { type } }: SdkOperation): string {
  if (type.kind !== 'model')
    throw new Error(`${id}: the PHP library has no form for an answer of ${type.kind}`)
  return modelClass(type.model)
}

/** Not imported by its own name, which may be that of a resource. */
function modelClass(model: string): string {
  return `Models\\${model}`
}

// ---------------------------------------------------------------------------------------------- words

function noteOf({ description, default: otherwise, limits }: SdkField): string {
  const most = limits?.maxLength === undefined ? '' : `Up to ${limits.maxLength} characters.`
  const taken = otherwise === undefined ? '' : `The server takes ${otherwise} where nothing is given.`
  const meaning = (description ?? most).replace(' (percent-encoded in a path)', '')
  return [meaning, taken].filter((words) => words !== '').join(' ')
}

/** Nothing in a comment may end it. */
function sentence(text: string): string {
  return text.replaceAll('`', '').replaceAll('*/', '* /')
}

function tag(name: string, parts: Lines, note: string, indent = 0): Lines {
  return wrap(`@${name} ${[...parts, ...(note === '' ? [] : [sentence(note)])].join(' ')}`, indent + 3, 4)
}

function docblock(lines: Lines, indent: number): Lines {
  const space = ' '.repeat(indent)
  return [
    `${space}/**`,
    ...lines.map((line) => (line === '' ? `${space} *` : `${space} * ${line}`)),
    `${space} */`,
  ]
}

/** Broken between words, where `margin` characters stand before; lines after the first are indented by `hanging`. */
function wrap(text: string, margin: number, hanging = 0): Lines {
  const broken: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length + margin > widest && line.trim() !== '') {
      broken.push(line)
      line = ' '.repeat(hanging) + word
    } else line = longer
  }
  return [...broken, line]
}

function imports(names: Lines): Lines {
  return [...new Set(names)].sort().map((name) => `use ${name};`)
}

// --------------------------------------------------------------------------------------------- models

function modelIn(type: SdkType): string | undefined {
  if (type.kind === 'list') return modelIn(type.of)
  return type.kind === 'model' ? type.model : undefined
}

function known(models: Models, name: string): SdkModel {
  const model = models.get(name)
  if (model === undefined) throw new Error(`The description has no model ${name}`)
  return model
}
