import { Commet } from '@commet/node'
import { startTestServer, type TestServer } from '@commet/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { walkSeedPage } from '../../../sdks/typescript/test/seed-page.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server.stop())

test.each([undefined, '2026-07-31'])(
  'the documented calls work in their order, in API version %s',
  async (apiVersion) => {
    const { sandbox } = await server.organization()
    const commet = new Commet({
      apiKey: sandbox.apiKey,
      baseUrl: server.address,
      ...(apiVersion === undefined ? {} : { apiVersion }),
    })
    const walk = await walkSeedPage(commet, 'a')
    expect(walk.created).toMatchObject({ id: expect.stringMatching(/^cus_/), externalId: 'walk_a' })
    expect(walk.repeated).toEqual(walk.created)
    expect(walk.batch.successful.map(({ externalId }) => externalId)).toEqual([
      'walk_a_1',
      'walk_a_2',
      'walk_a_3',
    ])
    expect(walk.batch.failed).toEqual([])
    expect(walk.fetched).toEqual(walk.created)
    expect(walk.updated).toMatchObject({ email: 'invoices@north.example', address: { city: 'Portland' } })
    expect(walk.firstPage).toMatchObject({ hasMore: true, nextCursor: expect.any(String) })
    const seen = [...walk.firstPage.data, ...walk.nextPage.data].map(({ externalId }) => externalId)
    expect(new Set(seen)).toEqual(new Set(['walk_a', 'walk_a_1', 'walk_a_2', 'walk_a_3']))
    expect(walk.nextPage.hasMore).toBe(false)
  },
)

test('every page can be walked through, and a deleted customer is gone', async () => {
  const { sandbox } = await server.organization()
  const commet = new Commet({ apiKey: sandbox.apiKey, baseUrl: server.address })
  const customers = Array.from({ length: 30 }, (_, index) => ({
    email: 'a@example.com',
    id: `user_${index}`,
  }))
  await commet.customers.createBatch({ customers })
  const seen: (string | null)[] = []
  for await (const { externalId } of commet.customers.list({ limit: 7 })) seen.push(externalId)
  expect(seen.toSorted()).toEqual(customers.map(({ id }) => id).toSorted())
  await commet.customers.delete({ id: 'user_3' })
  await expect(commet.customers.get({ id: 'user_3' })).rejects.toMatchObject({
    code: 'customer_not_found',
    statusCode: 404,
  })
})

test('API keys are created, listed and revoked', async () => {
  const { sandbox } = await server.organization()
  const commet = new Commet({ apiKey: sandbox.apiKey, baseUrl: server.address })
  const { data: created } = await commet.apiKeys.create({ name: 'Backend', expiresInDays: 30 })
  const other = new Commet({ apiKey: created.apiKey, baseUrl: server.address })
  expect((await other.customers.list()).data).toEqual([])
  const { data: keys } = await commet.apiKeys.list()
  expect(keys.map(({ name }) => name)).toEqual(['Backend', 'Test'])
  await commet.apiKeys.delete({ id: created.id })
  await expect(other.customers.list()).rejects.toMatchObject({ code: 'unauthorized' })
})
