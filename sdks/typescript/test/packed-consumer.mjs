// Owns the proof that the published package runs: copied beside an installed tarball and run there by Node 20.
// Does not cover behaviour (the other tests do), only that what is shipped loads and works on that runtime.
// Always: plain JavaScript, Node's own modules and the package, nothing else.

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { Commet, CommetAPIError, CommetValidationError, SDK_VERSION } from '@commet/node'
import { Webhooks } from '@commet/node/webhooks'

const details = [{ field: 'email', message: 'Invalid email format' }]
const answers = {
  'POST /api/v1/customers': [201, { success: true, data: { id: 'cus_1' } }],
  'GET /api/v1/customers/a%2Fb': [404, { success: false, error: { code: 'customer_not_found' } }],
  'PUT /api/v1/customers/cus_1': [400, { success: false, error: { code: 'validation_error', details } }],
  'GET /api/v1/customers': [200, { object: 'list', data: [{ id: '1' }], hasMore: true, nextCursor: 'n' }],
  'GET /api/v1/customers?cursor=n': [200, { object: 'list', data: [{ id: '2' }], hasMore: false }],
}
const server = createServer((request, response) => {
  const [status, body] = answers[`${request.method} ${request.url}`] ?? [500, { error: 'unexpected' }]
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
})
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))

const { customers, webhooks } = new Commet({
  apiKey: 'ck_sandbox_0123',
  baseUrl: `http://127.0.0.1:${server.address().port}`,
  retries: 0,
})
assert.equal((await customers.create({ email: 'a@b.example' })).data.id, 'cus_1')
await assert.rejects(customers.get({ id: 'a/b' }), CommetAPIError)
await assert.rejects(customers.update({ id: 'cus_1', email: '' }), CommetValidationError)
const ids = []
for await (const { id } of customers.list()) ids.push(id)
assert.deepEqual(ids, ['1', '2'])
server.close()
server.closeAllConnections()

const delivery = { rawBody: '{"event":"x"}', secret: 'whsec_test' }
const signature = createHmac('sha256', delivery.secret).update(delivery.rawBody).digest('hex')
assert.equal(webhooks.verifyAndParse({ ...delivery, signature }).event, 'x')
assert.equal(new Webhooks().verifyAndParse({ ...delivery, signature: 'no' }), null)

const [, minor] = process.versions.node.split('.').map(Number)
if (minor >= 19) assert.equal(createRequire(import.meta.url)('@commet/node').Commet, Commet)

console.log(`${SDK_VERSION} works on ${process.version}`)
