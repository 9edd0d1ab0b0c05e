import { type OperationShape, operations } from '@commet/contract'
import { exchange, startTestServer, type TestEnvironment, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** How much of what is taken, and that no answer says where in the code something went wrong. */

let server: TestServer
let sandbox: TestEnvironment

beforeAll(async () => {
  server = await startTestServer()
  sandbox = (await server.organization()).sandbox
})
afterAll(() => server.stop())

const keys = (count: number, length = 4) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`.padEnd(length, '_'), n]))

const create = (metadata: unknown) =>
  sandbox.call('POST', '/api/v1/customers', { body: { email: 'a@example.com', metadata } })

test.each([
  ['200 keys', keys(200), 201],
  ['201 keys', keys(201), 400],
  ['200 keys, some nested', { ...keys(99), list: [{ inner: keys(99) }] }, 201],
  ['201 keys, some nested', { ...keys(100), list: [{ inner: keys(99) }] }, 400],
  ['a key of 200 characters', keys(1, 200), 201],
  ['a key of 201 characters', keys(1, 201), 400],
  ['a nested key of 201 characters', { list: [keys(1, 201)] }, 400],
])('metadata with %s', async (_, metadata, status) => {
  const reply = await create(metadata)
  expect([reply.status, reply.json.error?.param]).toEqual([status, status === 201 ? undefined : 'metadata'])
})

const pipelined = async (count: number) => {
  const request = (place: number) =>
    `GET /api/v1/customers/nobody_${place} HTTP/1.1\r\nhost: x\r\nx-api-key: ${sandbox.apiKey}\r\n${place === count - 1 ? 'connection: close\r\n' : ''}\r\n`
  const requests = Array.from({ length: count }, (_, place) => request(place)).join('')
  const answers = (await exchange(server.address, Buffer.from(requests))).toString()
  return {
    statuses: [...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status)),
    answers,
  }
}
const times = (count: number, status: number) => Array.from({ length: count }, () => status)

test('requests that were sent at once on one connection are answered in their order', async () => {
  const { statuses } = await pipelined(30)
  expect(statuses).toEqual(times(30, 404))
})

test('behind 32 others that wait on its connection a request is refused, and the connection ends', async () => {
  const { statuses, answers } = await pipelined(60)
  expect(statuses).toEqual([...times(33, 404), 400])
  expect(answers).toContain('is behind more than 32 others on its connection')
})

test('no answer holds a stack, a file or a statement, whatever is sent', async () => {
  const known = operations.map(({ path }: OperationShape) => `/api/v1${path.replaceAll(/\{\w+\}/g, 'x')}`)
  const paths = new Set([...known, '/api/v1/customers/%00', '/x', '/metrics', '/health', '/'])
  const bodies = [
    '',
    '{',
    '[]',
    '{"email":1}',
    '{"email":"a@example.com","metadata":{"__proto__":1}}',
    '\u0000',
  ]
  const answers: string[] = []
  for (const path of paths) {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      for (const body of method === 'GET' ? [undefined] : bodies) {
        const reply = await sandbox.call(method, path, body === undefined ? {} : { body })
        answers.push(`${method} ${path} ${reply.text} ${[...reply.headers].join()}`)
      }
    }
  }
  await server.database.owner('alter table customers rename to customers_hidden')
  for (const method of ['GET', 'POST']) {
    const options = method === 'POST' ? { body: { email: 'a@example.com' } } : {}
    const reply = await sandbox.call(method, '/api/v1/customers', options)
    expect(reply.status).toBe(500)
    answers.push(reply.text)
  }
  await server.database.owner('alter table customers_hidden rename to customers')
  const tells =
    /\n\s+at |node:|node_modules|\.ts\b|file:\/\/|select |insert into|relation|42P01|ECONN|\bpg\b|undefined/i
  expect(answers.filter((answer) => tells.test(answer))).toEqual([])
})
