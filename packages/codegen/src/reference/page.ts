import type { SdkDescription, SdkField, SdkModel, SdkOperation, SdkResource, SdkType } from '../sdk.ts'

/**
 * A library's page of reference: every call with what it takes, answers and refuses, and an example; then the objects, then
 * the errors. What the page says is the same for every language; how it is written is the language's own.
 */

export type Row = {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly field: SdkField | undefined
  /** Said in place of what the contract says of the field. */
  readonly meaning?: string
}

export type Phrasing = {
  /** Name of the language in a fence. */
  readonly fence: string
  readonly package: string
  /** The example that makes the client, which the others go on from. */
  readonly opening: readonly string[]
  /** What holds for every call. */
  readonly rules: readonly string[]
  readonly callName: (operation: SdkOperation, resource: SdkResource) => string
  readonly parameters: (operation: SdkOperation, resource: SdkResource) => readonly Row[]
  /** What one call hands back, as the language writes its type. */
  readonly answer: (operation: SdkOperation) => string
  readonly example: (operation: SdkOperation, resource: SdkResource) => readonly string[]
  readonly modelName: (model: SdkModel) => string
  readonly member: (field: SdkField, model: SdkModel) => { readonly name: string; readonly type: string }
  /** The contract's words in those of the language. */
  readonly words: (text: string) => string
  /** What a null in an answer is called, and how one is sent. */
  readonly nulls: { readonly answered: string; readonly sent: string }
  /** The form of a point in time, where its type does not say it. */
  readonly instant: string
}

export function referencePage(description: SdkDescription, phrasing: Phrasing): string {
  const lines = [
    `<!-- ${description.notice} -->`,
    '',
    `# ${phrasing.package}: reference`,
    '',
    'Every call of the library. How to install it, options, retries and webhooks are in the [README](README.md).',
    '',
    ...fenced(phrasing.opening, phrasing),
    '',
    ...phrasing.rules.map((rule) => `- ${rule}`),
    '',
    ...contents(description, phrasing),
    ...description.resources.flatMap((resource) => [
      '',
      `## ${resource.wire}`,
      ...resource.operations.flatMap((operation) => callOf({ operation, resource }, description, phrasing)),
    ]),
    '',
    '## Objects',
    ...shownModels(description, phrasing).flatMap((models) => modelOf(models, phrasing)),
    ...errorsOf(description),
  ]
  return `${lines.join('\n')}\n`
}

type Place = { readonly operation: SdkOperation; readonly resource: SdkResource }

function contents({ resources }: SdkDescription, phrasing: Phrasing): readonly string[] {
  return [
    '| call | what it does |',
    '| --- | --- |',
    ...resources.flatMap((resource) =>
      resource.operations.map((operation) => {
        const name = phrasing.callName(operation, resource)
        return `| [\`${name}\`](#${anchor(name)}) | ${operation.summary} |`
      }),
    ),
  ]
}

/** As pages of repositories make them from headings. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-')
}

function callOf({ operation, resource }: Place, description: SdkDescription, phrasing: Phrasing) {
  const rows = phrasing.parameters(operation, resource)
  return [
    '',
    `### ${phrasing.callName(operation, resource)}`,
    '',
    phrasing.words(operation.description),
    '',
    ...(rows.length === 0 ? ['Takes no parameters.'] : parameterTable(rows, phrasing)),
    '',
    `Answers \`${phrasing.answer(operation)}\`${described(operation, description, phrasing)}`,
    '',
    refusals(operation, description),
    '',
    ...fenced(phrasing.example(operation, resource), phrasing),
  ]
}

function parameterTable(rows: readonly Row[], phrasing: Phrasing): readonly string[] {
  return [
    '| parameter | type | | meaning |',
    '| --- | --- | --- | --- |',
    ...rows.map(({ name, type, required, field, meaning }) => {
      const said = meaning ?? (field === undefined ? '' : meaningOf(field, phrasing.nulls.sent, phrasing))
      return `| \`${name}\` | ${code(type)} | ${required ? 'required' : ''} | ${cell(said)} |`
    }),
  ]
}

function described({ answer }: SdkOperation, { models }: SdkDescription, phrasing: Phrasing): string {
  const { type } = answer
  const model = type.kind === 'model' ? models.find(({ name }) => name === type.model) : undefined
  if (model === undefined) return '.'
  const name = phrasing.modelName(model)
  const link = `[${name}](#${anchor(name)})`
  const statuses = answer.statuses.toSorted((a, b) => b - a).join(' or ')
  return answer.list ? `, a page of ${link}. Status ${statuses}.` : `: see ${link}. Status ${statuses}.`
}

/** Codes that need no naming at each call, and where they are met. */
const common: Readonly<Record<string, string>> = {
  validation_error: 'every call',
  unauthorized: 'every call',
  forbidden: 'every call',
  rate_limited: 'every call',
  internal_error: 'every call',
  invalid_json: 'every call with a body',
  idempotency_in_progress: 'every write',
  idempotency_key_mismatch: 'every write',
  not_found: 'every call that names a thing',
}

function refusals({ errors }: SdkOperation, description: SdkDescription): string {
  const own = errors.filter((name) => !(name in common))
  const told = own.map((name) => `[\`${name}\`](#errors) (${facts(name, description).status})`)
  return `Errors: ${[...told, '[those of every call](#errors)'].join(', ')}.`
}

type ErrorFacts = {
  readonly status: number
  readonly meaning: string
  readonly remedy: string
}

function facts(name: string, { errors }: SdkDescription): ErrorFacts {
  return errors[name] as ErrorFacts
}

function errorsOf(description: SdkDescription): readonly string[] {
  const met = new Set(
    description.resources.flatMap(({ operations }) => operations.flatMap(({ errors }) => errors)),
  )
  const row = (name: string) => {
    const { status, meaning, remedy } = facts(name, description)
    return `| \`${name}\` | ${status} | ${common[name] ?? ''} | ${cell(meaning)} | ${cell(remedy)} |`
  }
  return [
    '',
    '## Errors',
    '',
    'Branch on the code. More codes may come: treat one you do not know by its status.',
    '',
    '| code | status | where | meaning | what to do |',
    '| --- | --- | --- | --- | --- |',
    ...[...met].sort().map(row),
  ]
}

// --------------------------------------------------------------------------------------------- objects

/**
 * What is answered, and what stands inside of something that is sent; bodies themselves are in the tables of the calls.
 * Together where the language has one type for several.
 */
function shownModels({ models }: SdkDescription, { modelName }: Phrasing): readonly (readonly SdkModel[])[] {
  const nested = new Set(models.flatMap(({ fields }) => fields.flatMap(({ type }) => modelsIn(type))))
  const shown = models.filter(({ name, use }) => use.includes('answer') || nested.has(name))
  return [...Map.groupBy(shown, modelName).values()]
}

function modelsIn(type: SdkType): readonly string[] {
  if (type.kind === 'model') return [type.model]
  if (type.kind === 'list') return modelsIn(type.of)
  return type.kind === 'map' ? modelsIn(type.values) : []
}

function modelOf(models: readonly SdkModel[], phrasing: Phrasing): readonly string[] {
  const [model] = models
  if (model === undefined) return []
  const isOne = models.length === 1
  return [
    '',
    `### ${phrasing.modelName(model)}`,
    '',
    isOne ? phrasing.words(model.description ?? 'An answer.') : 'Says that it is gone.',
    '',
    '| field | type | meaning |',
    '| --- | --- | --- |',
    ...model.fields.map((field) => {
      const { name, type } = phrasing.member(field, model)
      const shown = isOne || field.wire === 'livemode'
      const meaning = shown ? meaningOf(field, nullOf(model, phrasing), phrasing) : ''
      return `| \`${name}\` | ${code(type)} | ${cell(meaning)} |`
    }),
  ]
}

// ----------------------------------------------------------------------------------------------- words

function nullOf({ use }: SdkModel, { nulls }: Phrasing): string {
  return use.includes('answer') ? nulls.answered : nulls.sent
}

/** What the field says, in which unit or form, within which bounds, and what stands in its place where it is not given. */
function meaningOf(field: SdkField, nothing: string, phrasing: Phrasing): string {
  const { description, default: otherwise, nullable } = field
  return [
    description === undefined ? '' : phrasing.words(description.replace(' (percent-encoded in a path)', '')),
    formOf(field.type, phrasing),
    boundsOf(field),
    otherwise === undefined ? '' : `Where nothing is given the server takes \`${otherwise}\`.`,
    nullable ? `May be ${nothing}.` : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function formOf(type: SdkType, { instant }: Phrasing): string {
  if (type.kind === 'map') return 'Its keys stay as they are.'
  if (type.kind !== 'string') return ''
  if (type.format === 'date-time') return instant
  const values = type.values ?? []
  if (values.length === 1) return `Always \`${values[0]}\`.`
  return values.length === 0 ? '' : `One of ${values.map((value) => `\`${value}\``).join(', ')}.`
}

const units = { Length: ['character', 'characters'], Items: ['item', 'items'] } as const

function boundsOf({ limits = {}, description = '' }: SdkField): string {
  const lengths = (['Length', 'Items'] as const).flatMap((what) => {
    const [least, most] = [limits[`min${what}`], limits[`max${what}`]]
    return most === undefined || description.includes(String(most)) ? [] : [counted(least, most, units[what])]
  })
  const { minimum, maximum } = limits
  const said = maximum !== undefined && description.includes(String(maximum))
  return [...lengths, ...(said ? [] : rangeOf(minimum, maximum))].join(' ')
}

function counted(least: number | undefined, most: number, [one, many]: readonly [string, string]): string {
  const range = least === undefined || least === 0 ? `Up to ${most}` : `${least} to ${most}`
  return `${range} ${most === 1 ? one : many}.`
}

function rangeOf(minimum: number | undefined, maximum: number | undefined): readonly string[] {
  if (minimum === undefined && maximum === undefined) return []
  if (maximum === undefined) return [`${minimum} or more.`]
  return minimum === undefined ? [`At most ${maximum}.`] : [`${minimum} to ${maximum}.`]
}

function fenced(lines: readonly string[], { fence }: Phrasing): readonly string[] {
  return [`\`\`\`${fence}`, ...lines.flatMap((line) => line.split('\n')), '```']
}

/** A type in a cell of a table: a bar would end the cell. */
function code(type: string): string {
  return `\`${type.replaceAll('|', '\\|')}\``
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
