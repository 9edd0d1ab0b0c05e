import { pascal } from '../names.ts'
import type { SdkDescription, SdkField, SdkModel, SdkOperation, SdkResource, SdkType } from '../sdk.ts'
import type { Target } from './target.ts'

/**
 * The TypeScript library: answers and parameters (`types.ts`), each resource, the class the client extends
 * (`resources.ts`), and the types that the package exports (`index.ts`). The rest is written by hand.
 * Lines are broken as Biome breaks them; `npm run check` says so when they are not.
 */
export const typescript: Target = { language: 'typescript', files }

const folder = 'sdks/typescript/src/resources'
const widest = 110
const widestComment = 118

function files(description: SdkDescription): ReadonlyMap<string, string> {
  const context = contextOf(description)
  const all: readonly (readonly [file: string, lines: Lines])[] = [
    ['types.ts', typesFile(description, context)],
    ['resources.ts', resourcesFile(description)],
    ['index.ts', indexFile(description, context)],
    ...description.resources.map(
      (resource) => [`${fileOf(resource)}.ts`, resourceFile(resource, context)] as const,
    ),
  ]
  return new Map(
    all.map(([file, lines]) => [
      `${folder}/${file}`,
      `${[`// ${description.notice}`, '', ...lines].join('\n')}\n`,
    ]),
  )
}

type Lines = readonly string[]

export type Context = {
  readonly models: ReadonlyMap<string, SdkModel>
  /** Bodies of calls that name a thing as well: what names it stands beside their fields. */
  readonly keyed: ReadonlyMap<string, SdkOperation>
  readonly errors: SdkDescription['errors']
}

export function contextOf(description: SdkDescription): Context {
  const operations = description.resources.flatMap((resource) => resource.operations)
  const keyed = operations.flatMap((operation) =>
    operation.body === undefined || operation.pathParameters.length === 0
      ? []
      : ([[operation.body.model, operation]] as const),
  )
  const models = new Map(description.models.map((model) => [model.name, model]))
  return { models, keyed: new Map(keyed), errors: description.errors }
}

/** `api-keys` of the resource `apiKeys`. */
function fileOf({ wire }: SdkResource): string {
  return wire.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

// ---------------------------------------------------------------------------------------------- types.ts

function typesFile({ resources, models }: SdkDescription, context: Context): Lines {
  const blocks = [
    ...models.filter((model) => !isDeletion(model)).map((model) => modelTypes(model, context)),
    ...resources.flatMap((resource) =>
      resource.operations
        .filter(({ query }) => query.length > 0)
        .map((operation) => queryTypes(operation, resource, context)),
    ),
  ]
  const text = blocks.flat().join('\n')
  return [
    ...importTypes('../core/reference.ts', used(text, ['CustomerKey'])),
    ...importTypes('./resource.ts', used(text, ['Open'])),
    ...blocks.flatMap((block) => ['', ...block]),
  ]
}

/** Every deletion answers one shape, which the library has once for all resources. */
const deleted = 'DeletedObject'

function isDeletion({ names }: SdkModel): boolean {
  return names.typescript === deleted
}

function modelTypes(model: SdkModel, context: Context): Lines {
  const name = interfaceName(model.name, context)
  const members = model.fields.flatMap((field) =>
    member(field, { model, isSent: isSent(model), note: noteOf(field, isSent(model)) }, context),
  )
  const described = comment(model.description ?? 'An answer.', 0)
  const keyed = context.keyed.get(model.name)
  const body = [...described, ...interfaceOf(name, members)]
  if (keyed === undefined) return body
  return [
    ...body,
    '',
    ...comment(`${whoIsMeant(keyed)}, and the fields to send.`, 0),
    `export type ${paramsName(model.name)} = ${keyType(keyed)} & ${name}`,
  ]
}

function interfaceOf(name: string, members: Lines): Lines {
  return members.length === 0
    ? [`export type ${name} = Readonly<Record<string, never>>`]
    : [`export interface ${name} {`, ...members, '}']
}

/** A model that is answered keeps the name of the contract, also where it is sent back. */
function isSent({ use }: SdkModel): boolean {
  return !use.includes('answer')
}

export function interfaceName(model: string, { models, keyed }: Context): string {
  const known = models.get(model)
  if (known === undefined) throw new Error(`The description has no model ${model}`)
  if (!isSent(known)) return known.names.typescript
  return keyed.has(model) ? `${model}Fields` : paramsName(model)
}

function paramsName(model: string): string {
  return `${model}Params`
}

function queryName({ names }: SdkOperation, { wire }: SdkResource): string {
  return `${pascal(names.typescript)}${pascal(wire)}Params`
}

function queryTypes(operation: SdkOperation, resource: SdkResource, context: Context): Lines {
  const name = queryName(operation, resource)
  const keyed = operation.pathParameters.length > 0
  const own = keyed ? name.replace(/Params$/, 'Fields') : name
  const members = operation.query.flatMap((field) =>
    member(field, { isSent: true, isQuery: true, note: noteOf(field, true) }, context),
  )
  const what = comment(`What \`${resource.wire}.${operation.names.typescript}\` may be narrowed by.`, 0)
  const body = [...what, ...interfaceOf(own, members)]
  if (!keyed) return body
  return [
    ...body,
    '',
    ...comment(`${whoIsMeant(operation)}, and what to narrow by.`, 0),
    `export type ${name} = ${keyType(operation)} & ${own}`,
  ]
}

/** One identifier: a customer goes by `id` or by `customerId`, everything else by the name of the contract. */
function isCustomer({ pathParameters: [first, ...others] }: SdkOperation): boolean {
  return others.length === 0 && first?.reference === 'customer'
}

function whoIsMeant(operation: SdkOperation): string {
  if (isCustomer(operation)) return 'The customer, by `id` or `customerId`'
  return `What is meant, by ${operation.pathParameters.map(({ wire }) => `\`${wire}\``).join(' and ')}`
}

function keyType(operation: SdkOperation): string {
  if (isCustomer(operation)) return 'CustomerKey'
  return `{ ${operation.pathParameters.map(({ wire }) => `readonly ${wire}: string`).join('; ')} }`
}

type Role = {
  readonly model?: SdkModel
  readonly isSent: boolean
  readonly isQuery?: true
  readonly note: string
}

function member(field: SdkField, { model, note, ...role }: Role, context: Context): Lines {
  const { wire, required, nullable } = field
  const type = typeOfField(field, { ...role, owner: model?.name ?? '' }, context)
  const mayBeUndefined = !required && (role.isSent || model?.use.includes('request') === true)
  const parts = [...type, ...(nullable ? ['null'] : []), ...(mayBeUndefined ? ['undefined'] : [])]
  return [
    ...(note === '' ? [] : comment(note, 2)),
    ...union(`  readonly ${wire}${required ? '' : '?'}:`, parts),
  ]
}

/** On one line, or each part on its own. */
function union(start: string, parts: Lines): Lines {
  const single = `${start} ${parts.join(' | ')}`
  if (single.length <= widest) return [single]
  const [alone] = parts
  const opened = /^Open<(.*)>$/.exec(alone ?? '')?.[1]
  if (parts.length === 1 && opened !== undefined) return brokenOpen(start, opened)
  return [start, ...parts.map((part) => `    | ${part}`)]
}

function brokenOpen(start: string, values: string): Lines {
  const inside =
    values.length + 4 <= widest ? [`    ${values}`] : values.split(' | ').map((value) => `    | ${value}`)
  return [`${start} Open<`, ...inside, '  >']
}

/** As they stand in a union. */
export function typeOfField(
  { wire, type }: SdkField,
  place: { readonly owner: string; readonly isSent: boolean; readonly isQuery?: true },
  context: Context,
): Lines {
  const echoed = echoes[`${place.owner}.${wire}`]
  if (echoed !== undefined) return [echoed]
  if (type.kind === 'string' && type.values !== undefined) return valuesOf(type.values, place.isSent)
  if (place.isSent && type.kind === 'string' && type.format === 'date-time') return ['string', 'Date']
  if (place.isQuery && type.kind === 'map') return ['Readonly<Record<string, string | number | boolean>>']
  return [typeOf(type, place.isSent, context)]
}

/** Answers that hold what the caller sent. */
const echoes: Readonly<Record<string, string>> = { 'FailedCustomer.data': 'CreateCustomerParams' }

/** What is sent is one of the known values; what is answered may be one of a later server. */
function valuesOf(values: readonly string[], isSentHere: boolean): Lines {
  const known = values.map((value) => `'${value.replaceAll("'", "\\'")}'`)
  return isSentHere ? known : [`Open<${known.join(' | ')}>`]
}

function typeOf(type: SdkType, isSentHere: boolean, context: Context): string {
  switch (type.kind) {
    case 'string':
    case 'boolean':
      return type.kind
    case 'integer':
    case 'number':
      return 'number'
    case 'list':
      return listOf(typeOf(type.of, isSentHere, context), isSentHere)
    case 'map': {
      const values = typeOf(type.values, isSentHere, context)
      return `Record<string, ${values}>`
    }
    case 'model':
      return interfaceName(type.model, context)
    case 'any':
      return 'unknown'
  }
}

function listOf(item: string, isSentHere: boolean): string {
  return `${isSentHere ? 'readonly ' : ''}${item}[]`
}

// ------------------------------------------------------------------------------------------ resource files

function resourceFile(resource: SdkResource, context: Context): Lines {
  const calls = resource.operations.map((operation) => callOf(operation, resource, context))
  const name = interfaceOfResource(resource)
  const body = [
    '',
    ...comment(`The calls of \`${resource.wire}\`.`, 0),
    `export interface ${name} {`,
    ...calls.flatMap(({ doc, signature }, index) => [...(index === 0 ? [] : ['']), ...doc, ...signature]),
    '}',
    '',
    `export function ${makerOf(resource)}(client: ResourceClient): ${name} {`,
    '  return {',
    ...calls.flatMap(({ implementation }, index) => [...(index === 0 ? [] : ['']), ...implementation]),
    '  }',
    '}',
  ]
  const text = body.join('\n')
  const types = [...context.models.keys()].flatMap((model) => [
    interfaceName(model, context),
    paramsName(model),
  ])
  const queries = resource.operations.map((operation) => queryName(operation, resource))
  const named = [...new Set([...types, ...queries])].filter((type) => type !== deleted).sort()
  return [
    ...importTypes('../core/answer.ts', used(text, ['ApiResponse'])),
    ...importTypes('../core/config.ts', used(text, ['RequestOptions'])),
    ...importTypes('../core/paging.ts', used(text, ['ListPromise'])),
    ...(text.includes('path`') ? ["import { path } from '../core/path.ts'"] : []),
    ...referenceImport(text),
    ...importTypes('./resource.ts', used(text, [deleted, 'ResourceClient'])),
    ...importTypes('./types.ts', used(text, named)),
    ...body,
  ]
}

function referenceImport(text: string): Lines {
  const types = used(text, ['CustomerKey', 'CustomerReference', 'Reference'])
  if (!text.includes('referencedId(')) return importTypes('../core/reference.ts', types)
  const names = [...types.map((type) => `type ${type}`), 'referencedId']
  return [`import { ${names.join(', ')} } from '../core/reference.ts'`]
}

/** Deliveries are verified where endpoints are managed; that part is written by hand. */
const verifying = 'webhooks'

function interfaceOfResource({ wire }: SdkResource): string {
  return wire === verifying ? 'WebhookEndpoints' : pascal(wire)
}

function makerOf({ wire }: SdkResource): string {
  return `${wire}Resource`
}

type Call = { readonly doc: Lines; readonly signature: Lines; readonly implementation: Lines }

function callOf(operation: SdkOperation, resource: SdkResource, context: Context): Call {
  const { list } = operation.answer
  const given = parameterOf(operation, resource, context)
  const answered = answerType(operation, context)
  return {
    doc: comment(`${operation.description}${list ? walking : ''}${thrown(operation, context)}`, 2),
    signature: signatureOf(
      operation.names.typescript,
      [...given.typed, 'options?: RequestOptions'],
      answered,
    ),
    implementation: implementationOf(operation, given),
  }
}

const walking = ' Await the result for one page, or `for await` over it for every row of all pages.'

/** What the one call answers: `Promise<ApiResponse<Customer>>`. */
export function answerType({ answer }: SdkOperation, context: Context): string {
  const bare = typeOf(answer.type, false, context)
  const type = answer.nullable === true ? `${bare} | null` : bare
  return answer.list ? `ListPromise<${type}>` : `Promise<ApiResponse<${type}>>`
}

/** The parameter of a call before its options: how it is declared, taken apart, and used. */
type Given = {
  readonly typed: Lines
  readonly pattern: string
  readonly path: string
  /** Further members of the request. */
  readonly sent: Lines
}

function parameterOf(operation: SdkOperation, resource: SdkResource, context: Context): Given {
  const type = parameterType(operation, resource, context)
  const { pathParameters, query, body } = operation
  const optional = body === undefined && pathParameters.length === 0
  const typed = type === undefined ? [] : [`${type.name}${optional ? '?' : ''}: ${type.type}`]
  const sends = body !== undefined || query.length > 0
  if (pathParameters.length === 0) {
    const sent = body !== undefined ? ['body: params'] : sends ? ['query: { ...params }'] : []
    return { typed, pattern: type === undefined ? '' : type.name, path: `'${operation.path}'`, sent }
  }
  const rest = body !== undefined ? 'body' : 'query'
  const keys = isCustomer(operation) ? ['id', 'customerId'] : pathParameters.map(({ wire }) => wire)
  const pattern =
    type?.name === 'reference' ? 'reference' : `{ ${[...keys, ...(sends ? [`...${rest}`] : [])].join(', ')} }`
  return { typed, pattern, path: pathOf(operation, type?.name === 'reference'), sent: sends ? [rest] : [] }
}

/** One `reference` where an identifier is all there is, else `params`. */
export function parameterType(
  operation: SdkOperation,
  resource: SdkResource,
  context: Context,
): { readonly name: 'reference' | 'params'; readonly type: string } | undefined {
  const { pathParameters, query, body } = operation
  if (body !== undefined) return { name: 'params', type: bodyType(body.model, context) }
  if (query.length > 0) return { name: 'params', type: queryName(operation, resource) }
  const [first, ...others] = pathParameters
  if (first === undefined) return undefined
  if (isCustomer(operation)) return { name: 'reference', type: 'CustomerReference' }
  if (others.length === 0 && first.wire === 'id') return { name: 'reference', type: 'Reference' }
  return { name: 'params', type: keyType(operation) }
}

function bodyType(model: string, context: Context): string {
  return context.keyed.has(model) ? paramsName(model) : interfaceName(model, context)
}

function pathOf(operation: SdkOperation, byReference: boolean): string {
  const filled = operation.path.replaceAll(/\{(\w+)\}/g, (_, wire: string) => {
    const names = isCustomer(operation) ? '{ id, customerId }' : ''
    const argument = byReference ? 'reference' : names
    return argument === '' ? `\${${wire}}` : `\${referencedId(${argument})}`
  })
  return `${operation.answer.list ? '() => ' : ''}path\`${filled}\``
}

function implementationOf(operation: SdkOperation, { pattern, path, sent }: Given): Lines {
  const { names, answer } = operation
  const members = [`method: '${methodOf(operation)}'`, `path: ${path}`, ...sent]
  const parameters = pattern === '' ? '(options)' : `(${pattern}, options)`
  // Only a path can be refused before anything is sent: a refusal is a rejection like any other.
  const isAsync = operation.pathParameters.length > 0 && !answer.list
  return [
    `    ${names.typescript}: ${isAsync ? 'async ' : ''}${parameters} =>`,
    `      client.${answer.list ? 'requestList' : 'request'}({`,
    ...[...members, 'options'].map((entry) => `        ${entry},`),
    '      }),',
  ]
}

/** The default version updates with PUT, which later versions take as well. */
function methodOf({ method: own, aliases }: SdkOperation): string {
  return aliases.includes('PUT') ? 'PUT' : own
}

function signatureOf(name: string, parameters: Lines, answered: string): Lines {
  const single = `  ${name}(${parameters.join(', ')}): ${answered}`
  if (single.length <= widest) return [single]
  return [`  ${name}(`, ...parameters.map((parameter) => `    ${parameter},`), `  ): ${answered}`]
}

// ----------------------------------------------------------------------------------------- resources.ts

function resourcesFile({ resources }: SdkDescription): Lines {
  const sorted = resources.toSorted((a, b) => (fileOf(a) < fileOf(b) ? -1 : 1))
  const managed = resources.some(({ wire }) => wire === verifying)
  const member = (resource: SdkResource) => {
    const name = interfaceOfResource(resource)
    const made = `${makerOf(resource)}(this)`
    return resource.wire === verifying
      ? `  readonly ${verifying}: Webhooks & ${name} = Object.assign(new Webhooks(), ${made})`
      : `  readonly ${resource.wire}: ${name} = ${made}`
  }
  return [
    "import type { ApiResponse } from '../core/answer.ts'",
    "import type { ListPromise } from '../core/paging.ts'",
    "import type { ApiRequest } from '../core/transport.ts'",
    "import { Webhooks } from '../webhooks.ts'",
    ...sorted.map(
      (resource) =>
        `import { type ${interfaceOfResource(resource)}, ${makerOf(resource)} } from './${fileOf(resource)}.ts'`,
    ),
    "import type { ResourceClient } from './resource.ts'",
    '',
    ...comment('Every resource of the API, hanging off the client.', 0),
    'export abstract class Resources implements ResourceClient {',
    ...resources.map(member),
    ...(managed ? [] : [`  readonly ${verifying} = new Webhooks()`]),
    '',
    '  abstract request<T>(request: ApiRequest): Promise<ApiResponse<T>>',
    '  abstract requestList<T>(request: ApiRequest): ListPromise<T>',
    '}',
  ]
}

// --------------------------------------------------------------------------------------------- index.ts

function indexFile({ resources, models }: SdkDescription, context: Context): Lines {
  const types = [
    ...models
      .filter((model) => !isDeletion(model))
      .flatMap(({ name }) => [
        interfaceName(name, context),
        ...(context.keyed.has(name) ? [paramsName(name)] : []),
      ]),
    ...resources.flatMap((resource) =>
      resource.operations
        .filter(({ query }) => query.length > 0)
        .flatMap((operation) => {
          const name = queryName(operation, resource)
          return operation.pathParameters.length > 0 ? [name.replace(/Params$/, 'Fields'), name] : [name]
        }),
    ),
  ].sort()
  const files = resources.map((resource) => [fileOf(resource), [interfaceOfResource(resource)]] as const)
  const all: readonly (readonly [file: string, names: Lines])[] = [...files, ['types', types]]
  return [
    ...all
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([file, names]) => oneOrMany('export type', names, `./${file}.ts`)),
  ]
}

// ------------------------------------------------------------------------------------------------ words

const everywhere: ReadonlySet<string> = new Set(
  'validation_error unauthorized forbidden rate_limited internal_error invalid_json idempotency_in_progress idempotency_key_mismatch not_found'.split(
    ' ',
  ),
)

function thrown({ errors: codes }: SdkOperation, { errors }: Context): string {
  const own = codes
    .filter((code) => !everywhere.has(code))
    .map((code) => `\`${code}\` (${(errors[code] as { readonly status: number }).status})`)
  return own.length === 0 ? '' : ` Throws ${own.join(', ')}.`
}

export function noteOf(
  { description, default: otherwise, limits, type }: SdkField,
  isSentHere: boolean,
): string {
  const most = limits?.maxLength === undefined ? '' : `Up to ${limits.maxLength} characters.`
  const meaning = (description ?? (isSentHere ? most : '')).replace(' (percent-encoded in a path)', '')
  const taken = otherwise === undefined ? '' : `The server takes ${otherwise} where nothing is given.`
  const isInstant = type.kind === 'string' && type.format === 'date-time'
  const form = isInstant ? (isSentHere ? 'ISO 8601, or a Date.' : 'ISO 8601, UTC.') : ''
  return [meaning, form, taken].filter((sentence) => sentence !== '').join(' ')
}

/** On one line, or filled between marks. Nothing in a comment may end it. */
function comment(text: string, indent: number): Lines {
  const margin = ' '.repeat(indent)
  const said = text.replaceAll('*/', '* /')
  const single = `${margin}/** ${said} */`
  if (single.length <= widestComment) return [single]
  const broken: string[] = []
  let line = `${margin} *`
  for (const word of said.split(' ')) {
    if (`${line} ${word}`.length > widestComment) {
      broken.push(line)
      line = `${margin} *`
    }
    line += ` ${word}`
  }
  return [`${margin}/**`, ...broken, line, `${margin} */`]
}

function importTypes(file: string, names: Lines): Lines {
  return names.length === 0 ? [] : oneOrMany('import type', names, file)
}

/** `import type { A, B } from './file.ts'` on one line, or with each name on its own. */
function oneOrMany(start: string, names: Lines, file: string): Lines {
  const single = `${start} { ${names.join(', ')} } from '${file}'`
  if (single.length <= widest) return [single]
  return [`${start} {`, ...names.map((name) => `  ${name},`), `} from '${file}'`]
}

function used(text: string, names: Lines): Lines {
  const code = text.replaceAll(/\/\*\*[\s\S]*?\*\//g, '')
  return names.filter((name) => new RegExp(`(?<![\\w.'])${name}\\b`).test(code))
}
