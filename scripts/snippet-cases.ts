import type { SnippetRequest } from '@commet/codegen/snippets'

/** Calls whose snippets are run in every language. Their values are what breaks code that was put together carelessly. */
export type SnippetCase = Omit<SnippetRequest, 'baseUrl'> & { readonly name: string }

const nasty = `"double" 'single' \`tick\` $HOME \${x} #{y} {$z} $(id) \\ \\n \\u0041 %s %20 <b>&amp;</b> ! \n\t\r é 漢字 🎉 👩\u200d💻 \u202e\u2028\u0001\u007f\u0085 \\`

const nastyId = 'team/1?a=b#c%20 "ü" \'$x\' \\ [0] {1} 漢'

const address = {
  line1: nasty,
  line2: 'Floor 2',
  city: 'São Paulo',
  state: 'SP',
  postalCode: '01310-100',
  country: 'BR',
  region: "Côte d'Azur",
}

const metadata = {
  plan: 'team',
  seats: 12,
  ratio: 0.25,
  beyond32Bits: 1_234_567_890_123,
  negative: -3_000_000_000,
  huge: 1e21,
  tiny: 1e-7,
  active: true,
  gone: null,
  [nasty]: nasty,
  snake_case: 'kept',
  camelCase: 'kept',
  '12': 'digits',
  'with-dash': [1, 'two', null, [true], {}, [], [null]],
  nested: { 0: 'a', 1: 'b' },
  deeper: { empty: {}, list: [], inner: { nothing: null, text: nasty }, none: null },
  ['__proto__']: 'a key like any other',
  class: 'a word of the language',
}

export const snippetCases: readonly SnippetCase[] = [
  {
    name: 'a customer with every field',
    operation: 'customers.create',
    input: {
      email: "o'brien@example.com",
      id: nastyId,
      fullName: nasty,
      taxDocument: '30-71234567-8',
      address,
      timezone: 'America/Sao_Paulo',
      metadata,
    },
  },
  {
    name: 'a customer with an e-mail address',
    operation: 'customers.create',
    input: { email: 'ada@example.com' },
  },
  { name: 'one customer', operation: 'customers.get', input: { id: nastyId } },
  {
    name: 'fields that are cleared beside fields that are set',
    operation: 'customers.update',
    input: {
      id: nastyId,
      email: 'new@example.com',
      externalId: null,
      fullName: null,
      taxDocument: null,
      address: null,
      metadata: null,
    },
  },
  {
    name: 'objects that are replaced',
    operation: 'customers.update',
    input: { id: 'cus_01k0a2b3c4d5e6f7g8h9jkmnpq', address, metadata: {} },
  },
  {
    name: 'a list-like object, and a map of plain values',
    operation: 'customers.update',
    input: { id: 'user_1', metadata: { 0: 'zero', 1: { 0: 'zero' }, plan: 'team' } },
  },
  { name: 'a list without filters', operation: 'customers.list' },
  {
    name: 'a list with every filter',
    operation: 'customers.list',
    input: {
      limit: 25,
      cursor: 'eyJhIjoiYiJ9==',
      externalId: nastyId,
      email: "o'brien+x@example.com",
      search: nasty,
      createdAfter: '2026-07-11T09:30:00.123Z',
      createdBefore: '2026-12-31T23:59:59.000Z',
      metadata: { plan: 'team', 'a b&c=d]': nasty },
      order: 'asc',
    },
  },
  {
    name: 'several customers',
    operation: 'customers.createBatch',
    input: {
      customers: [
        { email: 'ada@example.com', id: 'user_1' },
        { email: 'alan@example.com', fullName: null, address, metadata },
      ],
    },
  },
  { name: 'a deletion', operation: 'customers.delete', input: { id: nastyId } },
  { name: 'a key', operation: 'apiKeys.create', input: { name: nasty, expiresInDays: 30 } },
  { name: 'a key without an end of its own', operation: 'apiKeys.create', input: { name: 'Backend' } },
  { name: 'the keys', operation: 'apiKeys.list', input: { limit: 50 } },
  { name: 'a revocation', operation: 'apiKeys.delete', input: { id: 'key_01k0a2b3c4d5e6f7g8h9jkmnpq' } },
]
