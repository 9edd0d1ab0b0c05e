import { pascal, singular } from '../names.ts'
import type { SdkDescription, SdkField, SdkModel, SdkOperation, SdkResource, SdkType } from '../sdk.ts'
import type { Target } from './target.ts'

/**
 * The Python library: models and parameter types (`types.py`), which of their fields have names to convert (`_shapes.py`),
 * and each resource twice, blocking and asynchronous. The rest of the package is written by hand.
 * Lines are broken so that `ruff format` has nothing to change.
 */
export const python: Target = { language: 'python', files }

const folder = 'sdks/python/src/commet'
const widest = 120

export function files(description: SdkDescription): ReadonlyMap<string, string> {
  const header = `# ${description.notice}`
  const models = new Map(description.models.map((model) => [model.name, model]))
  return new Map([
    [`${folder}/types.py`, typesFile(header, description, models)],
    [`${folder}/_shapes.py`, shapesFile(header, description, models)],
    [`${folder}/resources/__init__.py`, resourcesFile(header, description)],
    ...description.resources.map(
      (resource) =>
        [
          `${folder}/resources/${resource.names.python}.py`,
          resourceFile(header, resource, { models, errors: description.errors }),
        ] as const,
    ),
  ])
}

type Models = ReadonlyMap<string, SdkModel>
type Lines = readonly string[]

// ---------------------------------------------------------------------------------------------- types.py

function typesFile(header: string, description: SdkDescription, models: Models): string {
  const answers = dependenciesFirst(
    description.models.filter(({ use }) => use.includes('answer')),
    models,
  )
  const sent = dependenciesFirst(nestedInRequests(description, models), models)
  const body = [...answers.map(answerClass), ...sent.map(paramClass)]
  const names = [...answers.map(({ name }) => name), ...sent.map(paramName)].sort()
  const text = body.flat().join('\n')
  return lines(
    header,
    '"""Results, and the shapes of the objects that go into parameters."""',
    '',
    'from __future__ import annotations',
    '',
    ...imports([
      ['collections.abc', used(text, ['Mapping', 'Sequence'])],
      ['datetime', used(text, ['datetime'])],
      ['typing', used(text, ['Any', 'Dict', 'List', 'Literal', 'Optional', 'TypedDict', 'Union'])],
    ]),
    '',
    'from ._core.model import Model',
    '',
    '__all__ = [',
    ...names.map((name) => `    "${name}",`),
    ']',
    ...body.flatMap((block) => ['', '', ...block]),
  )
}

function answerClass(model: SdkModel): Lines {
  const nested = model.fields.flatMap(({ wire, type }) => {
    const name = modelIn(type)
    return name === undefined ? [] : [`"${wire}": ${name}`]
  })
  return [
    `class ${model.name}(Model):`,
    ...docstring(model.description ?? `A ${model.name}.`, 4),
    '',
    ...model.fields.flatMap((field) => attribute(field, answerType(field), answerNote(field))),
    ...(nested.length === 0 ? [] : ['', ...oneOrMany('    _models = {', nested, '}')]),
  ]
}

export function answerType({ type, required, nullable }: SdkField): string {
  const bare = resultType(type)
  return bare !== 'Any' && (nullable || !required) ? `Optional[${bare}]` : bare
}

function resultType(type: SdkType): string {
  switch (type.kind) {
    case 'string':
      return 'str'
    case 'integer':
      return 'int'
    case 'number':
      return 'float'
    case 'boolean':
      return 'bool'
    case 'list':
      return `List[${resultType(type.of)}]`
    case 'map':
      return `Dict[str, ${resultType(type.values)}]`
    case 'model':
      return type.model
    case 'any':
      return 'Any'
  }
}

function answerNote({ description, type }: SdkField): string {
  const known =
    type.kind === 'string' && type.values !== undefined && type.values.length > 1 ? type.values : []
  return [
    description ?? '',
    type.kind === 'string' && type.format === 'date-time' && description === undefined
      ? 'ISO 8601, UTC.'
      : '',
    known.length === 0 ? '' : `Known values: ${known.map((value) => `\`${value}\``).join(', ')}.`,
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

/** The objects of the API's own that stand inside a body; the body itself becomes keyword arguments. */
function nestedInRequests(description: SdkDescription, models: Models): readonly SdkModel[] {
  const found = new Set<SdkModel>()
  const visit = (model: SdkModel) => {
    for (const { type } of model.fields) {
      const inner = models.get(modelIn(type) ?? '')
      if (inner === undefined || found.has(inner)) continue
      found.add(inner)
      visit(inner)
    }
  }
  for (const { body } of description.resources.flatMap(({ operations }) => operations)) {
    if (body !== undefined) visit(known(models, body.model))
  }
  return [...found]
}

export function paramName({ name }: SdkModel): string {
  return `${name}Param`
}

/** Two classes, for NotRequired is newer than the oldest Python. */
function paramClass(model: SdkModel): Lines {
  const [required, optional] = [true, false].map((wanted) =>
    model.fields.filter((field) => field.required === wanted),
  ) as [SdkField[], SdkField[]]
  const name = paramName(model)
  const field = (item: SdkField) => attribute(item, paramType(item), item.description ?? '')
  const doc = docstring(`${model.description ?? `A ${model.name}.`} The names of the wire are taken too.`, 4)
  if (optional.length === 0) return [`class ${name}(TypedDict):`, ...doc, '', ...required.flatMap(field)]
  if (required.length === 0)
    return [`class ${name}(TypedDict, total=False):`, ...doc, '', ...optional.flatMap(field)]
  return [
    `class _${name}Required(TypedDict):`,
    ...required.flatMap(field),
    '',
    '',
    `class ${name}(_${name}Required, total=False):`,
    ...doc,
    '',
    ...optional.flatMap(field),
  ]
}

export function paramType({ type, nullable }: SdkField): string {
  const bare = sentType(type)
  return nullable && bare !== 'Any' ? optional(bare) : bare
}

function optional(type: string): string {
  return type.startsWith('Union[') ? `${type.slice(0, -1)}, None]` : `Optional[${type}]`
}

function sentType(type: SdkType): string {
  switch (type.kind) {
    case 'string':
      if (type.values !== undefined) return `Literal[${type.values.map((value) => `"${value}"`).join(', ')}]`
      return type.format === 'date-time' ? 'Union[str, datetime]' : 'str'
    case 'list':
      return `Sequence[${sentType(type.of)}]`
    case 'map':
      return `Mapping[str, ${type.values.kind === 'string' ? 'Union[str, int, float, bool]' : sentType(type.values)}]`
    case 'model':
      return `${type.model}Param`
    default:
      return resultType(type)
  }
}

function attribute({ names }: SdkField, type: string, note: string): Lines {
  return [`    ${names.python}: ${type}`, ...(note === '' ? [] : docstring(note, 4))]
}

// -------------------------------------------------------------------------------------------- _shapes.py

function shapesFile(header: string, description: SdkDescription, models: Models): string {
  const bodies = description.resources.flatMap(({ operations }) =>
    operations.flatMap(({ body }) => (body === undefined ? [] : [known(models, body.model)])),
  )
  const all = dependenciesFirst([...nestedInRequests(description, models), ...bodies], models)
  return lines(
    header,
    '"""Which fields of what is sent hold objects whose names are converted. Everything else goes out as it is."""',
    '',
    'from ._core.params import Shape',
    '',
    ...all.flatMap((model) => {
      const nested = model.fields.flatMap(({ wire, type }) => {
        const name = modelIn(type)
        return name === undefined ? [] : [`"${wire}": ${shapeName(name)}`]
      })
      return oneOrMany(`${shapeName(model.name)}: Shape = {`, nested, '}')
    }),
  )
}

function shapeName(model: string): string {
  return snake(model).toUpperCase()
}

// ------------------------------------------------------------------------------------------- resources/

/** Deliveries are verified where endpoints are managed; this part is written by hand. */
const verifying = 'webhooks'

function resourcesFile(header: string, { resources }: SdkDescription): string {
  const sorted = [...resources].sort((a, b) => (a.names.python < b.names.python ? -1 : 1))
  const group = (prefix: string, words: string) => [
    `class ${prefix}Resources:`,
    `    """The resources of ${words}."""`,
    '',
    `    def __init__(self, caller: ${prefix}Caller) -> None:`,
    ...sorted.map(({ wire, names }) => `        self.${names.python} = ${prefix}${pascal(wire)}(caller)`),
    ...(sorted.some(({ wire }) => wire === verifying) ? [] : [`        self.${verifying} = Webhooks()`]),
  ]
  return lines(
    header,
    '"""Every resource of the API."""',
    '',
    'from __future__ import annotations',
    '',
    'from .._core.caller import AsyncCaller, Caller',
    ...(sorted.some(({ wire }) => wire === verifying) ? [] : ['from ..webhooks import Webhooks']),
    ...sorted.map(({ wire, names }) => {
      const classes = [pascal(wire), `Async${pascal(wire)}`].sort()
      return `from .${names.python} import ${classes.join(', ')}`
    }),
    '',
    '',
    ...group('', 'a blocking client'),
    '',
    '',
    ...group('Async', 'an asynchronous client'),
  )
}

type Context = { readonly models: Models; readonly errors: SdkDescription['errors'] }

function resourceFile(header: string, resource: SdkResource, context: Context): string {
  const classes = [false, true].map((asynchronous) => resourceClass(resource, { ...context, asynchronous }))
  const text = classes.flat().join('\n')
  const names = [...context.models.keys()].flatMap((name) => [name, `${name}Param`])
  return lines(
    header,
    `"""The resource \`\`${resource.names.python}\`\`, blocking and asynchronous."""`,
    '',
    'from __future__ import annotations',
    '',
    ...imports([
      ['collections.abc', used(text, ['Mapping', 'Sequence'])],
      ['datetime', used(text, ['datetime'])],
      ['typing', used(text, ['Any', 'Literal', 'Optional', 'Union'])],
    ]),
    '',
    ...(text.includes('_shapes.') ? ['from .. import _shapes'] : []),
    ...imports([
      ['.._core.caller', ['AsyncCaller', 'Caller']],
      ['.._core.given', used(text, ['NOT_GIVEN', 'NotGiven'])],
      ['.._core.params', ['body', 'one_of', 'segment'].filter((name) => text.includes(`${name}(`))],
      ['.._core.response', used(text, ['ApiResponse', 'AsyncPager', 'Page'])],
      ['..types', [...used(text, names)].sort()],
    ]),
    ...(resource.wire === verifying ? ['from ..webhooks import Webhooks as WebhookVerifier'] : []),
    ...classes.flatMap((block) => ['', '', ...block]),
  )
}

type Style = Context & { readonly asynchronous: boolean }

function resourceClass({ wire, operations }: SdkResource, style: Style): Lines {
  const prefix = style.asynchronous ? 'Async' : ''
  return [
    `class ${prefix}${pascal(wire)}${wire === verifying ? '(WebhookVerifier)' : ''}:`,
    `    def __init__(self, caller: ${prefix}Caller) -> None:`,
    '        self._caller = caller',
    ...operations.flatMap((operation) => ['', ...method(operation, wire, style)]),
  ]
}

type Argument = {
  readonly name: string
  readonly type: string
  /** Nothing for an argument that must be given. */
  readonly otherwise?: string
  readonly note: string
}

function method(operation: SdkOperation, resource: string, style: Style): Lines {
  const { positional, keyword } = argumentsOf(operation, resource, style.models)
  const model = answeredModel(operation)
  const waits = style.asynchronous && !operation.answer.list
  const page = style.asynchronous ? 'AsyncPager' : 'Page'
  const orNull = operation.answer.nullable === true
  return [
    `    ${waits ? 'async ' : ''}def ${operation.names.python}(`,
    '        self,',
    ...positional.map(parameter),
    ...(keyword.length === 0 ? [] : ['        *,', ...keyword.map(parameter)]),
    `    ) -> ${operation.answer.list ? page : 'ApiResponse'}[${model}${orNull ? ' | None' : ''}]:`,
    ...methodDoc(operation, [...positional, ...keyword], style),
    ...callOf(operation, { resource, model, waits, models: style.models }),
  ]
}

function parameter({ name, type, otherwise }: Argument): string {
  return `        ${name}: ${type}${otherwise === undefined ? '' : ` = ${otherwise}`},`
}

export function argumentsOf(
  operation: SdkOperation,
  resource: string,
  models: Models,
): { readonly positional: readonly Argument[]; readonly keyword: readonly Argument[] } {
  const path = pathArguments(operation, resource)
  const query = operation.query.map((field) => ({
    name: field.names.python,
    type: optional(sentType(field.type)),
    otherwise: 'None',
    note: noteOf(field),
  }))
  const sent = bodyFields(operation, models).map((field) => bodyArgument(field, models))
  const idempotency = operation.idempotencyKey ? [idempotencyArgument(sent)] : []
  const alone = isListAlone(operation, models)
  return {
    positional: [...path.positional, ...(alone ? sent : [])],
    keyword: [...path.keyword, ...(alone ? [] : sent), ...query, ...idempotency],
  }
}

/** One identifier goes by `customer_id` or by `id`; several go by their own names. */
function pathArguments({ pathParameters }: SdkOperation, resource: string) {
  const [first, ...others] = pathParameters
  if (first === undefined) return { positional: [], keyword: [] }
  const note = noteOf(first)
  const name = pathName(first, resource)
  if (others.length > 0 || first.wire !== 'id') {
    const all = pathParameters.map((field) => ({
      name: pathName(field, resource),
      type: 'str',
      note: noteOf(field),
    }))
    return { positional: all, keyword: [] }
  }
  const given = { type: 'Union[str, NotGiven]', otherwise: 'NOT_GIVEN' }
  return {
    positional: [{ name, ...given, note }],
    keyword: [{ name: 'id', ...given, note: `The same as ${name}; give one of them.` }],
  }
}

function pathName({ wire, names }: SdkField, resource: string): string {
  return wire === 'id' ? `${snake(singular(resource))}_id` : names.python
}

function bodyArgument(field: SdkField, models: Models): Argument {
  const inner = modelIn(field.type)
  // What was answered may be sent back as it is.
  const alsoAnswered =
    field.type.kind === 'model' && models.get(inner ?? '')?.use.includes('answer') ? [inner] : []
  const parts = [sentType(field.type), ...alsoAnswered]
  const nothing = field.nullable ? ['None'] : []
  const argument = { name: field.names.python, note: noteOf(field) }
  if (field.required) return { ...argument, type: union([...parts, ...nothing]) }
  return { ...argument, type: union([...parts, 'NotGiven', ...nothing]), otherwise: 'NOT_GIVEN' }
}

function union(parts: readonly (string | undefined)[]): string {
  const flat = parts.flatMap((part) => (part?.startsWith('Union[') ? part.slice(6, -1) : (part ?? [])))
  return flat.length === 1 ? String(flat[0]) : `Union[${flat.join(', ')}]`
}

function idempotencyArgument(sent: readonly Argument[]): Argument {
  const taken = sent.some(({ name }) => name === 'idempotency_key')
  return {
    name: taken ? 'request_idempotency_key' : 'idempotency_key',
    type: 'Optional[str]',
    otherwise: 'None',
    note: 'Sent as the header; without one, a call that may be retried makes its own.',
  }
}

function bodyFields({ body }: SdkOperation, models: Models): readonly SdkField[] {
  return body === undefined ? [] : known(models, body.model).fields
}

/** A body that is one list is given as that list. */
function isListAlone(operation: SdkOperation, models: Models): boolean {
  const [first, ...others] = bodyFields(operation, models)
  return first?.type.kind === 'list' && others.length === 0
}

function methodDoc({ description, errors }: SdkOperation, all: readonly Argument[], style: Style): Lines {
  const own = errors.filter((code) => !everywhere.has(code))
  const notes = all.filter(({ note }) => note !== '')
  return [
    ...wrap(`"""${inPython(description)}`, 8),
    ...(notes.length === 0
      ? []
      : [
          '',
          '        Args:',
          ...notes.flatMap(({ name, note }) => wrap(`${name}: ${inPython(note)}`, 12, 4)),
        ]),
    ...(own.length === 0
      ? []
      : [
          '',
          '        Raises:',
          ...wrap(
            `CommetAPIError: ${own.map((code) => codeAndStatus(code, style.errors)).join(', ')}.`,
            12,
            4,
          ),
        ]),
    '        """',
  ]
}

const everywhere: ReadonlySet<string> = new Set(
  'validation_error unauthorized forbidden rate_limited internal_error invalid_json idempotency_in_progress idempotency_key_mismatch not_found'.split(
    ' ',
  ),
)

function codeAndStatus(code: string, errors: SdkDescription['errors']): string {
  const { status } = errors[code] as { readonly status: number }
  return `\`\`${code}\`\` (${status})`
}

function callOf(
  operation: SdkOperation,
  { resource, model, waits, models }: { resource: string; model: string; waits: boolean; models: Models },
): Lines {
  const fields = bodyFields(operation, models)
  const sent = fields.map((field) => bodyArgument(field, models))
  const key = operation.idempotencyKey ? idempotencyArgument(sent).name : undefined
  const query = operation.query.map(({ wire, names }) => `                "${wire}": ${names.python},`)
  return [
    `        return ${waits ? 'await ' : ''}self._caller.${callerOf(operation)}(`,
    `            ${model},`,
    ...(operation.answer.list ? [] : [`            "${methodOf(operation)}",`]),
    `            ${pathExpression(operation, resource)},`,
    ...(query.length === 0 ? [] : ['            query={', ...query, '            },']),
    ...(operation.body === undefined ? [] : bodyExpression(operation.body.model, fields)),
    ...(key === undefined ? [] : [`            idempotency_key=${key},`]),
    '        )',
  ]
}

function callerOf({ answer }: SdkOperation): string {
  if (answer.list) return 'request_list'
  return answer.nullable === true ? 'request_or_none' : 'request'
}

/** The default version updates with PUT, which later versions take as well. */
function methodOf({ method: own, aliases }: SdkOperation): string {
  return aliases.includes('PUT') ? 'PUT' : own
}

function pathExpression({ path, pathParameters }: SdkOperation, resource: string): string {
  if (pathParameters.length === 0) return `"${path}"`
  const alone = pathParameters.length === 1 && pathParameters[0]?.wire === 'id'
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, wire: string) => {
    const field = pathParameters.find((candidate) => candidate.wire === wire)
    if (field === undefined) throw new Error(`${path} names no parameter ${wire}`)
    const name = pathName(field, resource)
    return alone ? `{segment(one_of(${name}=${name}, id=id))}` : `{segment(${name})}`
  })
  return `f"${filled}"`
}

function bodyExpression(model: string, fields: readonly SdkField[]): Lines {
  return [
    '            body=body(',
    '                {',
    ...fields.map(({ wire, names }) => `                    "${wire}": ${names.python},`),
    '                },',
    `                _shapes.${shapeName(model)},`,
    '            ),',
  ]
}

function answeredModel({ id, answer: { type } }: SdkOperation): string {
  if (type.kind !== 'model')
    throw new Error(`${id}: the Python library has no form for an answer of ${type.kind}`)
  return type.model
}

// ------------------------------------------------------------------------------------------------ words

function noteOf({ description, default: otherwise, limits }: SdkField): string {
  const most = limits?.maxLength === undefined ? '' : `Up to ${limits.maxLength} characters.`
  const taken = otherwise === undefined ? '' : `The server takes ${otherwise} where nothing is given.`
  const meaning = (description ?? most).replace(' (percent-encoded in a path)', '')
  return [meaning, taken].filter((sentence) => sentence !== '').join(' ')
}

/** What the contract says in the words of the wire, in the words of Python. */
export function inPython(text: string): string {
  return text
    .replaceAll(/\b[a-z]+[0-9]*(?:[A-Z][a-z0-9]*)+\b/g, snake)
    .replaceAll(/`([^`]+)`/g, '``$1``')
    .replaceAll(/\bnull\b/g, 'None')
}

export function snake(name: string): string {
  return name.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}

function docstring(text: string, indent: number): Lines {
  const words = inPython(text)
  const single = `${' '.repeat(indent)}"""${words}"""`
  if (single.length <= widest) return [single]
  return [...wrap(`"""${words}`, indent), `${' '.repeat(indent)}"""`]
}

/** Broken between words; lines after the first are indented by `hanging` more. */
function wrap(text: string, indent: number, hanging = 0): Lines {
  const broken: string[] = []
  let line = ' '.repeat(indent)
  for (const word of text.split(' ')) {
    const longer = line.trim() === '' ? line + word : `${line} ${word}`
    if (longer.length > widest && line.trim() !== '') {
      broken.push(line)
      line = ' '.repeat(indent + hanging) + word
    } else line = longer
  }
  return [...broken, line]
}

function oneOrMany(open: string, items: Lines, close: string): Lines {
  const single = `${open}${items.join(', ')}${close}`
  if (single.length <= widest) return [single]
  const indent = /^ */.exec(open)?.[0] ?? ''
  return [open, ...items.map((item) => `${indent}    ${item},`), `${indent}${close}`]
}

function imports(wanted: readonly (readonly [module: string, names: Lines])[]): Lines {
  return wanted.flatMap(([module, names]) =>
    names.length === 0 ? [] : oneOrManyNames(`from ${module} import `, names),
  )
}

function oneOrManyNames(start: string, names: Lines): Lines {
  const single = start + names.join(', ')
  return single.length <= widest ? [single] : [`${start}(`, ...names.map((name) => `    ${name},`), ')']
}

function used(text: string, names: readonly string[]): readonly string[] {
  return names.filter((name) => new RegExp(`\\b${name}\\b`).test(text))
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n').replaceAll(/\n{4,}/g, '\n\n\n')}\n`
}

// ----------------------------------------------------------------------------------------------- models

function modelIn(type: SdkType): string | undefined {
  if (type.kind === 'list') return modelIn(type.of)
  return type.kind === 'model' ? type.model : undefined
}

function known(models: Models, name: string): SdkModel {
  const model = models.get(name)
  if (model === undefined) throw new Error(`The description has no model ${name}`)
  return model
}

/** A class is written after those it names. */
function dependenciesFirst(wanted: readonly SdkModel[], models: Models): readonly SdkModel[] {
  const done: SdkModel[] = []
  const place = (model: SdkModel, within: readonly SdkModel[]) => {
    if (done.includes(model)) return
    if (within.includes(model)) throw new Error(`${model.name} holds itself`)
    for (const { type } of model.fields) {
      const inner = modelIn(type)
      if (inner !== undefined) place(known(models, inner), [...within, model])
    }
    done.push(model)
  }
  for (const model of wanted) place(model, [])
  return done
}
