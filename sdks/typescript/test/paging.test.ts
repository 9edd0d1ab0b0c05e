import { afterEach, beforeEach, expect, test } from 'vitest'
import { CommetAPIError } from '../src/index.ts'
import { clientOf, failure, json, type Reply, type Stub, startStub } from './stub-server.ts'

let stub: Stub
beforeEach(async () => {
  stub = await startStub()
})
afterEach(() => stub.close())

const page = (ids: readonly string[], nextCursor?: string): Reply =>
  json(200, { success: true, data: ids.map((id) => ({ id })), hasMore: nextCursor !== undefined, nextCursor })

async function idsOf(items: AsyncIterable<{ readonly id: string }>): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of items) ids.push(id)
  return ids
}

test('for await sees every item of all pages once, with one request per page and the filters kept', async () => {
  stub.answer(page(['a', 'b'], 'c1'), page(['c', 'd'], 'c2'), page(['e']))
  const { customers } = clientOf(stub).commet
  expect(await idsOf(customers.list({ limit: 2, search: 'x' }))).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(stub.requests.map(({ url }) => url)).toEqual([
    '/api/v1/customers?limit=2&search=x',
    '/api/v1/customers?limit=2&search=x&cursor=c1',
    '/api/v1/customers?limit=2&search=x&cursor=c2',
  ])
})

test('awaiting a list sends one request and gives that page', async () => {
  stub.answer(page(['a', 'b'], 'c1'))
  const result = await clientOf(stub).commet.customers.list({ limit: 2 })
  expect(result).toEqual({
    data: [{ id: 'a' }, { id: 'b' }],
    hasMore: true,
    nextCursor: 'c1',
    requestId: 'req_stub',
  })
  expect(stub.requests).toHaveLength(1)
})

test('an awaited page can be walked on from where it stands', async () => {
  stub.answer(page(['c'], 'c2'), page(['d']))
  const fromMiddle = await clientOf(stub).commet.customers.list({ cursor: 'c1' })
  expect(await idsOf(fromMiddle)).toEqual(['c', 'd'])
  expect(stub.requests.map(({ url }) => url)).toEqual([
    '/api/v1/customers?cursor=c1',
    '/api/v1/customers?cursor=c2',
  ])
})

test('a walk that is left early fetches no further page', async () => {
  stub.answer(page(['a', 'b'], 'c1'))
  for await (const { id } of clientOf(stub).commet.customers.list()) if (id === 'b') break
  expect(stub.requests).toHaveLength(1)
})

test('an empty page in the middle does not end the walk', async () => {
  stub.answer(page([], 'c1'), page(['a']))
  expect(await idsOf(clientOf(stub).commet.customers.list())).toEqual(['a'])
})

test('hasMore false ends the walk even where a cursor came along', async () => {
  stub.answer(json(200, { object: 'list', data: [{ id: 'a' }], hasMore: false, nextCursor: 'c1' }))
  expect(await idsOf(clientOf(stub).commet.customers.list())).toEqual(['a'])
})

test('a server that answers the same cursor again does not trap the walk', async () => {
  stub.answer(page(['a'], 'c1'))
  await expect(idsOf(clientOf(stub).commet.customers.list())).rejects.toMatchObject({
    code: 'UNEXPECTED_RESPONSE',
  })
  expect(stub.requests).toHaveLength(2)
})

test('each page of a walk is retried by itself, and a refusal ends the walk with its error', async () => {
  const refusal = failure(400, { type: 'validation_error', code: 'validation_error', message: 'Bad cursor' })
  stub.answer(page(['a'], 'c1'), failure(503, { code: 'internal_error' }), page(['b'], 'c2'), refusal)
  const { commet, waits } = clientOf(stub)
  const seen: string[] = []
  const walk = async () => {
    for await (const { id } of commet.customers.list()) seen.push(id)
  }
  await expect(walk()).rejects.toThrow(CommetAPIError)
  expect(seen).toEqual(['a', 'b'])
  expect(waits).toEqual([1000])
})

test('the options of the call hold for every page', async () => {
  stub.answer(page(['a'], 'c1'), page(['b']))
  await idsOf(clientOf(stub).commet.customers.list({}, { apiVersion: '2026-07-24' }))
  expect(stub.requests.map(({ headers }) => headers['commet-version'])).toEqual(['2026-07-24', '2026-07-24'])
})

test('an answer that is not a list is an error, not an empty page', async () => {
  stub.answer(json(200, { success: true, data: { id: 'cus_1' } }))
  await expect(clientOf(stub).commet.customers.list()).rejects.toMatchObject({ code: 'UNEXPECTED_RESPONSE' })
})
