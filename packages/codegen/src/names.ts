/** Names as each language writes them. The wire is camelCase. */

export const languages = ['typescript', 'python', 'go', 'java', 'php'] as const

export type Language = (typeof languages)[number]
export type Names = Readonly<Record<Language, string>>

const initialisms: ReadonlySet<string> = new Set([
  'api',
  'http',
  'id',
  'ip',
  'json',
  'pdf',
  'uri',
  'url',
  'uuid',
])

/** Words that Python keeps for itself get an underscore behind them, as PEP 8 says. */
const pythonKeywords: ReadonlySet<string> = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
)

export function namesOf(wire: string): Names {
  const words = wordsOf(wire)
  const snake = words.join('_')
  return {
    typescript: wire,
    python: pythonKeywords.has(snake) ? `${snake}_` : snake,
    go: words.map(goWord).join(''),
    java: wire,
    php: wire,
  }
}

/** What the seed page calls otherwise than the contract does. */
const renamedModels: Readonly<Record<string, Partial<Names>>> = {
  CustomerBatch: { java: 'BatchResult' },
  FailedCustomer: { java: 'BatchFailure' },
}
/** All that a thing which is gone still says. */
const fieldsOfDeletion = 'id,deleted,object,livemode'

/** An answer's type. TypeScript has one for everything that is deleted, written by hand. */
export function namesOfModel(model: string, fields: readonly string[] = []): Names {
  const all = languages.map((language) => [language, model])
  const gone = fields.join() === fieldsOfDeletion ? { typescript: 'DeletedObject' } : {}
  return { ...(Object.fromEntries(all) as Names), ...gone, ...renamedModels[model] }
}

/** `ApiKey` for people: `API key`. */
export function titleOf(wire: string): string {
  const words = wordsOf(wire).map((word) => (initialisms.has(word) ? word.toUpperCase() : word))
  const [first = '', ...rest] = words
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(' ')
}

/** `customerBatch` or `customer_batch` as the name of a type: `CustomerBatch`. */
export function pascal(wire: string): string {
  return wire
    .split('_')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')
}

/** `failed` of `CustomerBatch` is a list of `CustomerBatchFailed`; `entries` of `Ledger` one of `LedgerEntry`. */
export function singular(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  return word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word
}

function wordsOf(wire: string): readonly string[] {
  return wire
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .map((word) => word.toLowerCase())
}

function goWord(word: string): string {
  if (initialisms.has(word)) return word.toUpperCase()
  const one = singular(word)
  if (one !== word && initialisms.has(one)) return `${one.toUpperCase()}s`
  return pascal(word)
}
