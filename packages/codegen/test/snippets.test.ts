import { expect, test } from 'vitest'
import { sdkDescription } from '../src/index.ts'
import { loggedCall, snippetsOf } from '../src/snippets/snippets.ts'

/** What snippets say. That they run, and send what they say, is for `scripts/snippets.ts`. */

const baseUrl = 'https://billing.example.com'

function codeOf(language: string, operation: string, input: Readonly<Record<string, unknown>>): string {
  return snippetsOf({ operation, input, baseUrl }).find(({ id }) => id === language)?.code ?? ''
}

const operations = sdkDescription().resources.flatMap((resource) => resource.operations)

test.each(operations)('$id can be shown in six languages', ({ id, pathParameters }) => {
  const input = Object.fromEntries(pathParameters.map(({ wire }) => [wire, 'user_1']))
  const snippets = snippetsOf({ operation: id, input, baseUrl })
  expect(snippets.map(({ name }) => name)).toEqual(['curl', 'TypeScript', 'Python', 'Go', 'Java', 'PHP'])
  for (const { code } of snippets) {
    expect(code).toContain(baseUrl)
    expect(code).toContain('COMMET_API_KEY')
  }
})

test.each(operations)('$id is found again by the method and the path of a request', (operation) => {
  const input = Object.fromEntries(operation.pathParameters.map(({ wire }) => [wire, 'user 1/ü']))
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(input[name] ?? ''),
  )
  for (const base of ['/api/v1', '/api'])
    expect(loggedCall(operation.method, base + path)).toEqual({ operation: operation.id, input })
})

test('a request that no library sends has no call', () => {
  expect(loggedCall('PUT', '/api/v1/customers/cus_1')?.operation).toBe('customers.update')
  expect(loggedCall('PATCH', '/api/v1/organization')).toBeUndefined()
  expect(loggedCall('GET', '/api/v1/customers/cus_1/timeline')).toBeUndefined()
  expect(loggedCall('GET', '/api/v1/customers/%')?.input).toEqual({ id: '%' })
})

test('a field that the operation does not take is refused', () => {
  expect(() => codeOf('go', 'customers.get', { id: 'user_1', colour: 'red' })).toThrow(/takes no colour/)
  expect(() => codeOf('go', 'customers.paint', {})).toThrow(/no operation customers.paint/)
})

test('null clears, as each language says it', () => {
  const input = { id: 'user_1', fullName: null }
  expect(codeOf('curl', 'customers.update', input)).toContain('"fullName": null')
  expect(codeOf('typescript', 'customers.update', input)).toContain('fullName: null')
  expect(codeOf('python', 'customers.update', input)).toContain('full_name=None')
  expect(codeOf('go', 'customers.update', input)).toContain('NullFields: []string{"FullName"}')
  expect(codeOf('java', 'customers.update', input)).toContain('.fullName(null)')
  expect(codeOf('php', 'customers.update', input)).toContain('fullName: null')
})

test('keys of metadata are kept, and names of the API are those of the language', () => {
  const input = { email: 'a@example.com', fullName: 'Ada', metadata: { camelCase: 1, snake_case: 2 } }
  const python = codeOf('python', 'customers.create', input)
  expect(python).toContain('full_name="Ada"')
  expect(python).toContain('metadata={"camelCase": 1, "snake_case": 2}')
})

test('what turns text around, or cannot be seen, is written as an escape in every language', () => {
  const snippets = snippetsOf({
    operation: 'customers.create',
    input: { email: 'a@example.com', fullName: 'a\u202eb\u200bc\u0000d', metadata: { '\u2066': '\ufeff' } },
    baseUrl,
  })
  for (const { name, code } of snippets) expect([name, code.match(/[^\P{C}\n\t]/gu)]).toEqual([name, null])
})
