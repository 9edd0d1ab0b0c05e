import { afterEach, beforeEach, expect, test } from 'vitest'
import { clientOf, json, ok, type Stub, startStub } from './stub-server.ts'

let stub: Stub
beforeEach(async () => {
  stub = await startStub()
})
afterEach(() => stub.close())

test('keys are listed, created and revoked by the requests of the contract', async () => {
  const { apiKeys } = clientOf(stub).commet
  stub.answer(
    json(200, { success: true, data: [{ id: 'key_1', prefix: 'ck_sandbox_01' }], hasMore: false }),
    json(201, { success: true, data: { id: 'key_2', apiKey: 'ck_sandbox_secret' } }),
    ok({ id: 'key_2', deleted: true, object: 'api_key', livemode: false }),
  )
  const { data: keys } = await apiKeys.list({ limit: 5 })
  const { data: created } = await apiKeys.create({ name: 'ci', expiresInDays: 30 })
  const { data: deleted } = await apiKeys.delete({ id: created.id })
  expect(keys[0]?.prefix).toBe('ck_sandbox_01')
  expect(created.apiKey).toBe('ck_sandbox_secret')
  expect(deleted.deleted).toBe(true)
  expect(stub.requests.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['GET', '/api/v1/api-keys?limit=5', ''],
    ['POST', '/api/v1/api-keys', '{"name":"ci","expiresInDays":30}'],
    ['DELETE', '/api/v1/api-keys/key_2', ''],
  ])
})

test('keys of all pages can be walked, without parameters', async () => {
  stub.answer(
    json(200, { object: 'list', data: [{ id: 'key_1' }], hasMore: true, nextCursor: 'n' }),
    json(200, { object: 'list', data: [{ id: 'key_2' }], hasMore: false }),
  )
  const ids: string[] = []
  for await (const key of clientOf(stub).commet.apiKeys.list()) ids.push(key.id)
  expect(ids).toEqual(['key_1', 'key_2'])
  expect(stub.requests.map(({ url }) => url)).toEqual(['/api/v1/api-keys', '/api/v1/api-keys?cursor=n'])
})
