import { namesOfModel, pascal } from '../names.ts'
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
 * The Java library: a class for each answer, one with a builder for each set of parameters, one for each resource, and the
 * accessors of the client. The rest of the package is written by hand.
 * Lines are broken as google-java-format breaks them; the build of the library checks it.
 */
export const java: Target = { language: 'java', files }

const folder = 'sdks/java/src/generated/java/co/commet'
const widest = 100

export function files(description: SdkDescription): ReadonlyMap<string, string> {
  const models = new Map(description.models.map((model) => [model.name, model]))
  const context = { models, errors: description.errors }
  const classes = [
    ...description.models.map((model) =>
      model.use.includes('answer') ? modelClass(model, context) : paramsClass(paramsOfModel(model), context),
    ),
    ...description.resources.flatMap((resource) =>
      resource.operations
        .filter(({ query }) => query.length > 0)
        .map((operation) => paramsClass(paramsOfQuery(operation, resource), context)),
    ),
    ...description.resources.map((resource) => resourceClass(resource, context)),
    accessorsClass(description.resources),
  ]
  return new Map(
    classes.map(({ name, body }) => [`${folder}/${name}.java`, source(description.notice, body)]),
  )
}

type Models = ReadonlyMap<string, SdkModel>
export type Context = { readonly models: Models; readonly errors: SdkDescription['errors'] }
type Lines = readonly string[]
type JavaClass = { readonly name: string; readonly body: Lines }

/** The seed page lists with filters by position. */
const positionalLists: Readonly<Record<string, readonly string[]>> = {
  'customers.list': ['externalId', 'search', 'limit', 'cursor'],
}

// ----------------------------------------------------------------------------------------------- answers

function modelClass(model: SdkModel, context: Context): JavaClass {
  const name = answerName(model.name)
  const isSent = model.use.includes('request')
  return {
    name,
    body: [
      ...javadoc(model.description ?? 'An answer.', 0),
      `public final class ${name} extends Model {`,
      ...members(model.fields),
      '',
      `  private ${name}() {}`,
      ...(isSent ? builderConstructor(name, model) : []),
      ...model.fields.flatMap(getter),
      ...(isSent ? valueBuilder(name, model, context) : []),
      '}',
    ],
  }
}

/** Jackson goes by the name of the member, which cannot be a word of the language. An annotated one stands apart. */
function members(fields: readonly SdkField[]): Lines {
  const plain = (field: SdkField | undefined) => field === undefined || member(field) === field.wire
  const before = constants(fields)
  return [
    ...before,
    ...fields.flatMap((field, index) => [
      ...((plain(field) && plain(fields[index - 1])) || index + before.length === 0 ? [] : ['']),
      ...(plain(field) ? [] : [`  @JsonProperty("${field.wire}")`]),
      `  private ${answerType(field)} ${member(field)};`,
    ]),
  ]
}

function getter(field: SdkField): Lines {
  const type = answerType(field)
  const value =
    type.startsWith('List<') || type.startsWith('Map<') ? `readOnly(${member(field)})` : member(field)
  const name = `${type === 'boolean' ? 'is' : 'get'}${pascal(field.wire)}`
  return [
    '',
    ...note([answerNote(field), field.nullable || !field.required ? 'May be null.' : ''], 2),
    `  public ${type} ${name === 'getClass' ? 'getClass_' : name}() {`,
    `    return ${value};`,
    '  }',
  ]
}

export function answerType({ type, required, nullable }: SdkField): string {
  const bare = valueType(type, answerName)
  return required && !nullable ? (primitives[bare] ?? bare) : bare
}

const primitives: Readonly<Record<string, string>> = { Long: 'long', Double: 'double', Boolean: 'boolean' }

/** Boxed; `nameOf` says what a model is called in this place. */
function valueType(type: SdkType, nameOf: (model: string) => string): string {
  switch (type.kind) {
    case 'string':
      return 'String'
    case 'integer':
      return 'Long'
    case 'number':
      return 'Double'
    case 'boolean':
      return 'Boolean'
    case 'list':
      return `List<${valueType(type.of, nameOf)}>`
    case 'map':
      return `Map<String, ${valueType(type.values, nameOf)}>`
    case 'model':
      return nameOf(type.model)
    case 'any':
      return 'Object'
  }
}

function builderConstructor(name: string, { fields }: SdkModel): Lines {
  return [
    '',
    `  private ${name}(Builder builder) {`,
    ...fields.map((field) => `    this.${member(field)} = builder.${member(field)};`),
    '  }',
  ]
}

/** Of an object that is sent as well as answered; what is not set, or null, is not sent. */
function valueBuilder(name: string, { fields }: SdkModel, context: Context): Lines {
  return [
    '',
    '  public static Builder builder() {',
    '    return new Builder();',
    '  }',
    '',
    `  /** Collects the fields of ${article(name)}. */`,
    '  public static final class Builder {',
    ...fields.map((field) => `    private ${answerType(field)} ${member(field)};`),
    '',
    '    private Builder() {}',
    ...fields.flatMap((field) => [
      '',
      ...note([requestNote(field), field.required ? 'Required.' : ''], 4),
      ...signature(`public Builder ${member(field)}`, [`${sentType(field, context)} ${member(field)}`], 4),
      `      this.${member(field)} = ${member(field)};`,
      '      return this;',
      '    }',
    ]),
    '',
    `    public ${name} build() {`,
    `      return new ${name}(this);`,
    '    }',
    '  }',
  ]
}

// -------------------------------------------------------------------------------------------- parameters

type ParamsDescription = {
  readonly name: string
  readonly description: string
  readonly fields: readonly SdkField[]
  /** In a body a null is sent; in a query there is none. */
  readonly isQuery: boolean
}

function paramsOfModel({ name, description = 'Parameters.', fields }: SdkModel): ParamsDescription {
  return { name: paramsName(name), description, fields, isQuery: false }
}

function paramsOfQuery(operation: SdkOperation, resource: SdkResource): ParamsDescription {
  const description = `What {@code ${resource.names.java}().${operation.names.java}} may be narrowed by.`
  return { name: queryName(operation, resource), description, fields: operation.query, isQuery: true }
}

function paramsClass(params: ParamsDescription, context: Context): JavaClass {
  const { name, description, fields, isQuery } = params
  const rule = isQuery
    ? 'What is not set, or null, is not sent.'
    : 'What is not set is not sent; a null is sent where it clears the field.'
  return {
    name,
    body: [
      ...javadoc(`${description} ${rule}`, 0),
      `public final class ${name} extends Params {`,
      ...constants(fields),
      ...(constants(fields).length === 0 ? [] : ['']),
      `  private ${name}(Fields fields) {`,
      '    super(fields);',
      '  }',
      '',
      '  public static Builder builder() {',
      '    return new Builder();',
      '  }',
      '',
      '  /** Collects the parameters. */',
      '  public static final class Builder {',
      '    private final Fields fields = new Fields();',
      '',
      '    private Builder() {}',
      ...fields.flatMap((field) => setters(field, isQuery, context)),
      '',
      `    public ${name} build() {`,
      `      return new ${name}(fields);`,
      '    }',
      '  }',
      '}',
    ],
  }
}

function setters(field: SdkField, isQuery: boolean, context: Context): Lines {
  // A query is text: numbers and flags of a filter are written as they read.
  const type = isQuery && field.type.kind === 'map' ? 'Map<String, ?>' : sentType(field, context)
  const clears = field.nullable && !isQuery ? 'Null clears it.' : ''
  const doc = note([requestNote(field), field.required ? 'Required.' : '', clears], 4)
  const isInstant = field.type.kind === 'string' && field.type.format === 'date-time'
  const set = isAbsentIfNull(field) && !isQuery ? 'setUnlessNull' : 'set'
  const value = isCopied(type) ? `copy(${member(field)})` : member(field)
  return [
    ...setter(doc, { field, type, set: isPrimitive(type) ? 'set' : set, value }),
    ...(isInstant ? setter(doc, { field, type: 'Instant', set, value: `text(${member(field)})` }) : []),
    ...(clears !== '' && isPrimitive(type) ? clearing(field) : []),
  ]
}

type Setter = {
  readonly field: SdkField
  readonly type: string
  readonly set: string
  readonly value: string
}

function setter(doc: Lines, { field, type, set, value }: Setter): Lines {
  return [
    '',
    ...doc,
    ...signature(`public Builder ${member(field)}`, [`${type} ${member(field)}`], 4),
    `      fields.${set}("${field.wire}", ${value});`,
    '      return this;',
    '    }',
  ]
}

function clearing(field: SdkField): Lines {
  return [
    '',
    `    /** Sends null for {@code ${field.wire}}. */`,
    `    public Builder clear${pascal(field.wire)}() {`,
    `      fields.set("${field.wire}", null);`,
    '      return this;',
    '    }',
  ]
}

function isPrimitive(type: string): boolean {
  return Object.values(primitives).includes(type)
}

function isCopied(type: string): boolean {
  return type.startsWith('List<') || type.startsWith('Map<')
}

/** What a caller writes: a literal `25` must do for a whole number, and any map for a map. */
export function sentType({ type }: SdkField, context: Context): string {
  if (type.kind === 'map') {
    const values = valueType(type.values, (model) => sentName(model, context))
    return values === 'Object' ? 'Map<String, ?>' : `Map<String, ${values}>`
  }
  const bare = valueType(type, (model) => sentName(model, context))
  return primitives[bare] ?? bare
}

export function sentName(model: string, { models }: Context): string {
  return known(models, model).use.includes('answer') ? answerName(model) : paramsName(model)
}

// --------------------------------------------------------------------------------------------- resources

/** Deliveries are verified where endpoints are managed; that part is written by hand. */
const verifying = 'webhooks'

function accessorsClass(resources: readonly SdkResource[]): JavaClass {
  const sorted = resources.toSorted((a, b) => (a.names.java < b.names.java ? -1 : 1))
  const all = [
    ...sorted.map((resource) => ({
      name: resource.names.java,
      type: serviceName(resource),
      made: `new ${serviceName(resource)}(transport)`,
      doc: `The {@code ${resource.names.java}} resource.`,
    })),
    ...(resources.some(({ wire }) => wire === verifying)
      ? []
      : [
          {
            name: verifying,
            type: 'WebhookVerifier',
            made: 'new WebhookVerifier()',
            doc: 'Verifies webhook deliveries.',
          },
        ]),
  ]
  return {
    name: 'CommetResources',
    body: [
      '/** The resources of the API, as accessors of {@link Commet}. */',
      'public abstract class CommetResources {',
      ...all.map(({ name, type }) => `  private final ${type} ${name};`),
      '',
      '  CommetResources(Transport transport) {',
      ...all.map(({ name, made }) => `    this.${name} = ${made};`),
      '  }',
      ...all.flatMap(({ name, type, doc }) => [
        '',
        ...javadoc(doc, 2),
        `  public ${type} ${name}() {`,
        `    return ${name};`,
        '  }',
      ]),
      '}',
    ],
  }
}

function resourceClass(resource: SdkResource, context: Context): JavaClass {
  const name = serviceName(resource)
  const base = resource.wire === verifying ? ' extends WebhookVerifier' : ''
  return {
    name,
    body: [
      ...javadoc(`The {@code ${resource.names.java}} resource.`, 0),
      `public final class ${name}${base} {`,
      '  private final Transport transport;',
      '',
      `  ${name}(Transport transport) {`,
      '    this.transport = transport;',
      '  }',
      ...resource.operations.flatMap((operation) => calls(operation, resource, context)),
      '}',
    ],
  }
}

/** One way to make a call: its name, what it takes, what it answers, and the statements in it. */
type Method = {
  readonly doc: Lines
  readonly name: string
  readonly parameters: Lines
  readonly answer: string
  readonly statements: Lines
}

function calls(operation: SdkOperation, resource: SdkResource, context: Context): Lines {
  const one = callForm(operation, resource, context)
  const methods = [
    ...overloads(operation.names.java, one, context),
    ...itemOverloads(operation, one, context),
    ...positionalOverload(operation, one),
    ...(operation.answer.list ? overloads(streamName(operation), { ...one, streams: true }, context) : []),
  ]
  return methods.flatMap(print)
}

type CallForm = {
  readonly operation: SdkOperation
  readonly model: string
  readonly ids: Lines
  /** The class of the body or the query, where the call has one. */
  readonly params: string | undefined
  readonly paramsOptional: boolean
  readonly streams: boolean
}

export function callForm(operation: SdkOperation, resource: SdkResource, { models }: Context): CallForm {
  const { id, body, query, answer, pathParameters } = operation
  if (answer.type.kind !== 'model')
    throw new Error(`${id}: the Java library has no form for ${answer.type.kind}`)
  if (body !== undefined && query.length > 0) throw new Error(`${id}: no form for a body beside a query`)
  const required = body === undefined ? query : known(models, body.model).fields
  const bodyParams = body === undefined ? undefined : paramsName(body.model)
  return {
    operation,
    model: answerName(answer.type.model),
    ids: pathParameters.map(member),
    params: query.length > 0 ? queryName(operation, resource) : bodyParams,
    paramsOptional: !required.some((field) => field.required) && methodOf(operation) !== 'PUT',
    streams: false,
  }
}

function streamName({ names }: SdkOperation): string {
  return names.java === 'list' ? 'stream' : `stream${pascal(names.java)}`
}

function overloads(name: string, form: CallForm, context: Context): readonly Method[] {
  const { operation, ids, params, paramsOptional, streams } = form
  const answer = answerOf(form)
  const doc = streams
    ? javadoc(`Every row of every page, one request per page, only as far as the stream is read.`, 2)
    : operationDoc(operation, context)
  const idParameters = ids.map((id) => `String ${id}`)
  const shared = { name, answer }
  const given = params === undefined ? [] : ['params']
  const typed = params === undefined ? [] : [`${params} params`]
  const delegate = (values: Lines) =>
    `    return ${name}(${[...ids, ...values, 'RequestOptions.none()'].join(', ')});`
  return [
    ...(params !== undefined && paramsOptional
      ? [{ ...shared, doc, parameters: idParameters, statements: [delegate(['null'])] }]
      : []),
    { ...shared, doc, parameters: [...idParameters, ...typed], statements: [delegate(given)] },
    {
      ...shared,
      doc: javadoc('The same, with options of this one call.', 2),
      parameters: [...idParameters, ...typed, 'RequestOptions options'],
      statements: sending(form),
    },
  ]
}

function answerOf({ operation, model, streams }: CallForm): string {
  if (streams) return `Stream<${model}>`
  return operation.answer.list ? `ApiResponse<List<${model}>>` : `ApiResponse<${model}>`
}

function sending({ operation, model, ids, params, paramsOptional, streams }: CallForm): Lines {
  const { body, answer } = operation
  const sent = paramsOptional ? 'params == null ? Map.of() : params' : 'params'
  const payload = body !== undefined ? `.body(${sent})` : params === undefined ? '' : '.query(params)'
  const verb = streams ? 'stream' : answer.list ? 'list' : 'call'
  return [
    ...requestOf(operation, ids),
    ...(payload === '' ? [] : [`    request${payload};`]),
    `    return transport.${verb}(request.options(options), ${model}.class);`,
  ]
}

function requestOf(operation: SdkOperation, ids: Lines): Lines {
  const given = [`"${methodOf(operation)}"`, `"${operation.path}"`, ...ids]
  return assignment('ApiRequest request', 'ApiRequest.of', given)
}

/** A body that is one list of things may be given as that list, each thing a map. */
function itemOverloads(operation: SdkOperation, form: CallForm, { models }: Context): readonly Method[] {
  if (operation.body === undefined) return []
  const [field, ...others] = known(models, operation.body.model).fields
  if (
    field === undefined ||
    others.length > 0 ||
    field.type.kind !== 'list' ||
    field.type.of.kind !== 'model'
  )
    return []
  const freeForm = setOf(freeFormNames(field.type.of.model, models))
  const absent = setOf(absentIfNullNames(field.type.of.model, models))
  const { names } = operation
  const items = member(field)
  const ids = form.ids.map((id) => `String ${id}`)
  const list = `List<? extends Map<String, ?>> ${items}`
  const shared = { name: names.java, answer: answerOf(form) }
  const doc = javadoc(
    'The same, each thing as a map with keys in snake_case or camelCase. Keys inside free-form fields are not touched. A null is sent where it clears the field.',
    2,
  )
  const again = (last: string) => `    return ${names.java}(${[...form.ids, items, last].join(', ')});`
  return [
    { ...shared, doc, parameters: [...ids, list], statements: [again('RequestOptions.none()')] },
    {
      ...shared,
      doc: javadoc('The same, under an idempotency key; null or empty is none.', 2),
      parameters: [...ids, list, 'String idempotencyKey'],
      statements: [again('RequestOptions.ofIdempotencyKey(idempotencyKey)')],
    },
    {
      ...shared,
      doc: javadoc('The same, with options of this one call.', 2),
      parameters: [...ids, list, 'RequestOptions options'],
      statements: [
        ...assignment('List<Map<String, Object>> items', 'Keys.toWire', [items, freeForm, absent]),
        ...requestOf(operation, form.ids),
        `    request.body(Map.of("${field.wire}", items));`,
        `    return transport.call(request.options(options), ${form.model}.class);`,
      ],
    },
  ]
}

function setOf(names: Lines): string {
  return `Set.of(${names.map((name) => `"${name}"`).join(', ')})`
}

function freeFormNames(model: string, models: Models): Lines {
  const free = fieldsWithin(model, models).filter(({ type }) => type.kind === 'map' || type.kind === 'any')
  return [...new Set(free.map(({ wire }) => wire))]
}

/** Maps are looked through by name alone: a name that is once a field that may be null is left as it is everywhere. */
function absentIfNullNames(model: string, models: Models): Lines {
  const fields = fieldsWithin(model, models)
  const sent = new Set(fields.filter((field) => !isAbsentIfNull(field)).map(({ wire }) => wire))
  return [...new Set(fields.map(({ wire }) => wire))].filter((wire) => !sent.has(wire))
}

function fieldsWithin(model: string, models: Models, seen = new Set<string>()): readonly SdkField[] {
  if (seen.has(model)) return []
  seen.add(model)
  return known(models, model).fields.flatMap((field) => {
    const inner = modelIn(field.type)
    return inner === undefined ? [field] : [field, ...fieldsWithin(inner, models, seen)]
  })
}

function positionalOverload(operation: SdkOperation, form: CallForm): readonly Method[] {
  const wires = positionalLists[operation.id]
  if (wires === undefined || form.params === undefined) return []
  const fields = wires.map((wire) => {
    const field = operation.query.find((candidate) => candidate.wire === wire)
    if (field === undefined) throw new Error(`${operation.id} has no ${wire}`)
    return field
  })
  const type = (field: SdkField) => (field.type.kind === 'integer' ? 'Integer' : 'String')
  return [
    {
      name: operation.names.java,
      answer: answerOf(form),
      doc: javadoc('One page, by the filters in most use. Null leaves one out.', 2),
      parameters: fields.map((field) => `${type(field)} ${member(field)}`),
      statements: [
        `    ${form.params}.Builder params = ${form.params}.builder();`,
        ...fields.flatMap((field) =>
          type(field) === 'String'
            ? [`    params.${member(field)}(${member(field)});`]
            : [
                `    if (${member(field)} != null) {`,
                `      params.${member(field)}(${member(field)});`,
                '    }',
              ],
        ),
        `    return ${operation.names.java}(params.build());`,
      ],
    },
  ]
}

function print({ doc, name, parameters, answer, statements }: Method): Lines {
  return ['', ...doc, ...signature(`public ${answer} ${name}`, parameters, 2), ...statements, '  }']
}

// ------------------------------------------------------------------------------------------------- names

export function answerName(model: string): string {
  return namesOfModel(model).java
}

export function paramsName(model: string): string {
  return `${model}Params`
}

function queryName({ names }: SdkOperation, resource: SdkResource): string {
  return `${pascal(names.java)}${pascal(resource.names.java)}Params`
}

function serviceName({ names }: SdkResource): string {
  return `${pascal(names.java)}Service`
}

const keywords: ReadonlySet<string> = new Set(
  'abstract assert boolean break byte case catch char class const continue default do double else enum extends final finally float for goto if implements import instanceof int interface long native new package private protected public return short static strictfp super switch synchronized this throw throws transient try void volatile while true false null'.split(
    ' ',
  ),
)

/** A field or a parameter; words of the language get an underscore behind them. */
export function member({ names }: SdkField): string {
  return keywords.has(names.java) ? `${names.java}_` : names.java
}

/** The default version updates with PUT, which later versions take as well. */
function methodOf({ method, aliases }: SdkOperation): string {
  return aliases.includes('PUT') ? 'PUT' : method
}

// ------------------------------------------------------------------------------------------------- words

const everywhere: ReadonlySet<string> = new Set([
  'validation_error',
  'unauthorized',
  'forbidden',
  'rate_limited',
  'internal_error',
  'invalid_json',
  'idempotency_in_progress',
  'idempotency_key_mismatch',
  'not_found',
])

function operationDoc({ description, errors: codes }: SdkOperation, { errors }: Context): Lines {
  const own = codes.filter((code) => !everywhere.has(code))
  if (own.length === 0) return javadoc(inJava(description), 2)
  const told = own.map((code) => `{@code ${code}} (${(errors[code] as { readonly status: number }).status})`)
  return javadoc(`${inJava(description)}\n\nError codes: ${told.join(', ')}.`, 2)
}

function answerNote({ description, type }: SdkField): string {
  const moment = type.kind === 'string' && type.format === 'date-time' ? 'ISO 8601.' : ''
  return [inJava(description ?? ''), moment, knownValues(type)]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function requestNote({ description, default: otherwise, limits, type }: SdkField): string {
  const most = limits?.maxLength === undefined ? '' : `Up to ${limits.maxLength} characters.`
  const taken = otherwise === undefined ? '' : `The server takes {@code ${otherwise}} where nothing is given.`
  return [inJava(description ?? most), knownValues(type), taken]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function knownValues(type: SdkType): string {
  const values = choices(type)
  return values.length === 0 ? '' : `Known values: ${values.map((value) => `{@code ${value}}`).join(', ')}.`
}

function choices(type: SdkType): readonly string[] {
  return type.kind === 'string' && type.values !== undefined && type.values.length > 1 ? type.values : []
}

/** The known values of a field as constants: texts, for a later server may send others. */
function constants(fields: readonly SdkField[]): Lines {
  return fields.flatMap(({ wire, type }) =>
    choices(type).map(
      (value) => `  public static final String ${constantCase(`${wire} ${value}`)} = "${value}";`,
    ),
  )
}

function constantCase(words: string): string {
  return words
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase()
}

function article(name: string): string {
  return `${/^[AEIOU]/.test(name) ? 'an' : 'a'} {@link ${name}}`
}

/** Marks of the contract's texts as javadoc has them. */
function inJava(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replaceAll('*/', '*&#47;')
    .replaceAll(/`([^`]*)`/g, '{@code $1}')
    .replace(' (percent-encoded in a path)', '')
}

// ------------------------------------------------------------------------------------------------ layout

function note(sentences: Lines, indent: number): Lines {
  const text = sentences.filter((sentence) => sentence !== '').join(' ')
  return text === '' ? [] : javadoc(text, indent)
}

/** Paragraphs are parted by an empty line. */
function javadoc(text: string, indent: number): Lines {
  const margin = ' '.repeat(indent)
  const single = `${margin}/** ${text} */`
  if (!text.includes('\n') && single.length <= widest) return [single]
  const paragraphs = text
    .split('\n\n')
    .map((paragraph, index) => (index === 0 ? paragraph : `<p>${paragraph}`))
  const filled = paragraphs.flatMap((paragraph, index) => [
    ...(index === 0 ? [] : [`${margin} *`]),
    ...fill(paragraph, `${margin} * `),
  ])
  return [`${margin}/**`, ...filled, `${margin} */`]
}

function fill(text: string, start: string): Lines {
  const broken: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && `${start}${line} ${word}`.length > widest) {
      broken.push(start + line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...broken, start + line]
}

/** On one line, or broken behind the parenthesis, or with one parameter on each line. */
function signature(head: string, parameters: Lines, indent: number): Lines {
  const margin = ' '.repeat(indent)
  const single = `${margin}${head}(${parameters.join(', ')}) {`
  if (single.length <= widest) return [single]
  const inner = `${margin}    `
  const second = `${inner}${parameters.join(', ')}) {`
  if (second.length <= widest) return [`${margin}${head}(`, second]
  const each = parameters.map(
    (parameter, index) => `${inner}${parameter}${index + 1 < parameters.length ? ',' : ') {'}`,
  )
  return [`${margin}${head}(`, ...each]
}

/** `variable = head(given);` on as few lines as hold it. */
function assignment(variable: string, head: string, given: Lines): Lines {
  const call = `${head}(${given.join(', ')});`
  const single = `    ${variable} = ${call}`
  if (single.length <= widest) return [single]
  const second = `        ${call}`
  if (second.length <= widest) return [`    ${variable} =`, second]
  const third = `            ${given.join(', ')});`
  const each = given.flatMap((value, index) => argument(value, index + 1 < given.length ? ',' : ');'))
  return [`    ${variable} =`, `        ${head}(`, ...(third.length <= widest ? [third] : each)]
}

/** A call among arguments is broken as the one around it. */
function argument(value: string, end: string): Lines {
  const single = `            ${value}${end}`
  const [, head, inner] = /^([\w.]+\()(.+)\)$/.exec(value) ?? []
  if (single.length <= widest || head === undefined || inner === undefined) return [single]
  const second = `                ${inner})${end}`
  if (second.length <= widest) return [`            ${head}`, second]
  const each = inner.split(', ').map((part) => `                ${part},`)
  return [`            ${head}`, ...each].map((line, index) =>
    index === each.length ? `${line.slice(0, -1)})${end}` : line,
  )
}

const importable: readonly (readonly [name: string, from: string])[] = [
  ['JsonProperty', 'com.fasterxml.jackson.annotation'],
  ['Instant', 'java.time'],
  ['List', 'java.util'],
  ['Map', 'java.util'],
  ['Set', 'java.util'],
  ['Stream', 'java.util.stream'],
]

function source(notice: string, body: Lines): string {
  const text = body.filter((line) => !/^\s*(\/?\*)/.test(line)).join('\n')
  const imports = importable
    .filter(([name]) => new RegExp(`\\b${name}\\b[<. (]`).test(text))
    .map(([name, from]) => `import ${from}.${name};`)
  return [
    `// ${notice}`,
    'package co.commet;',
    '',
    ...imports,
    ...(imports.length === 0 ? [] : ['']),
    ...body,
    '',
  ].join('\n')
}

// ------------------------------------------------------------------------------------------------ models

function modelIn(type: SdkType): string | undefined {
  if (type.kind === 'list') return modelIn(type.of)
  return type.kind === 'model' ? type.model : undefined
}

function known(models: Models, name: string): SdkModel {
  const model = models.get(name)
  if (model === undefined) throw new Error(`The description has no model ${name}`)
  return model
}
