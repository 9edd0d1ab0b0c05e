import type { AddressInfo, Socket } from 'node:net'
import { exchange, startTestServer, type TestEnvironment, type TestServer } from '@commet/testkit'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

let server: TestServer
let sandbox: TestEnvironment
let call: TestEnvironment['call']

beforeAll(async () => {
  server = await startTestServer()
  sandbox = (await server.organization()).sandbox
  call = sandbox.call
})
afterAll(() => server.stop())

const post = (body: unknown, headers = {}) => call('POST', '/api/v1/customers', { body, headers })
const requestId = /^req_[0-9a-z]{26}$/

/** The whole answer, as every error has it. */
function envelope(type: string, code: string, more: object = {}) {
  return {
    success: false,
    error: {
      type,
      code,
      message: expect.stringMatching(/\S/),
      doc_url: `${server.address}/reference/errors/${code}`,
      ...more,
    },
  }
}

const fields = (...details: readonly (readonly [string, string | RegExp])[]) =>
  envelope('validation_error', 'validation_error', {
    param: details[0]?.[0],
    details: details.map(([field, message]) => ({ field, message: expect.stringMatching(message) })),
  })

describe('addresses', () => {
  test.each([
    '/',
    '/api/v1',
    '/api/v1/nothing',
    '/api/v2/customers',
    '/api/v1/customers/',
    '/customers',
    '/api/v1/customers/a/b',
  ])('there is nothing at %s', async (path) => {
    const reply = await call('GET', path)
    expect([reply.status, reply.json]).toStrictEqual([404, envelope('not_found_error', 'not_found')])
    expect(reply.headers.get('x-request-id')).toMatch(requestId)
  })

  test('an unknown address is told without a key, too', async () => {
    expect((await call('GET', '/api/v1/nothing', { headers: { 'x-api-key': '' } })).status).toBe(404)
  })

  test.each([
    ['PUT', '/api/v1/customers', 'POST, GET'],
    ['DELETE', '/api/customers', 'POST, GET'],
    ['POST', '/api/v1/customers/user_1', 'GET, PATCH, PUT, DELETE'],
    ['OPTIONS', '/api/v1/customers/user_1', 'GET, PATCH, PUT, DELETE'],
    ['PATCH', '/api/v1/api-keys', 'GET, POST'],
    ['TRACE', '/api/v1/customers', 'POST, GET'],
    ['PROPFIND', '/api/v1/customers', 'POST, GET'],
    ['POST', '/health', 'GET'],
    ['DELETE', '/metrics', 'GET'],
    ['PUT', '/openapi.json', 'GET'],
    ['POST', '/reference/errors/not_found', 'GET'],
    ['GET', '/auth/sign-out', 'POST'],
  ])('%s %s is answered with the methods that are', async (method, path, allow) => {
    const reply = await sandbox.raw(`${method} ${path} HTTP/1.1\r\nhost: localhost`)
    expect([reply.status, reply.json]).toStrictEqual([
      405,
      envelope('not_found_error', 'endpoint_not_available'),
    ])
    expect(reply.headers.get('allow')).toBe(allow)
    expect(reply.headers.get('x-request-id')).toMatch(requestId)
  })

  test('HEAD answers as GET does, without the body', async () => {
    const reply = await call('HEAD', '/api/v1/customers')
    expect([reply.status, reply.text]).toEqual([200, ''])
  })
})

describe('keys', () => {
  test.each([
    ['none', undefined, /header is missing/],
    ['an empty one', '', /header is missing/],
    ['of another kind', 'sk_live_abc', /start with ck_sandbox_ or ck_live_/],
    ['of the right kind, but unknown', `ck_sandbox_${'0'.repeat(32)}`, /unknown, expired or revoked/],
    ['too long', `ck_live_${'0'.repeat(1000)}`, /does not hold an API key/],
  ])('a key that is %s is refused, whatever the rest is', async (_, key, message) => {
    const bare = key === undefined ? {} : { 'x-api-key': key }
    const reply = await fetch(`${server.address}/api/v1/customers?limit=0`, { headers: bare })
    expect([reply.status, await reply.json()]).toStrictEqual([
      401,
      envelope('authentication_error', 'unauthorized', { message: expect.stringMatching(message) }),
    ])
    expect(reply.headers.get('www-authenticate')).toContain('x-api-key')
    expect(reply.headers.get('x-request-id')).toMatch(requestId)
  })
})

describe('bodies', () => {
  test.each([
    ['{"email": tru}', 'position 13 (line 1 column 14)'],
    ['{a: 1}', 'position 1 (line 1 column 2)'],
    ['abc', 'position 0 (line 1 column 1)'],
    ['{"a": 1', 'at its end'],
    ['{"a": "b', 'at its end'],
    ['{"a": 1} x', 'position 9 (line 1 column 10)'],
    ['{\n  "a": 1,\n}', 'position 12 (line 3 column 1)'],
    ["{'a': 1}", 'position 1 (line 1 column 2)'],
    ['{"a": 01}', 'position 7 (line 1 column 8)'],
    ['{"a": "\t"}', 'position 7 (line 1 column 8)'],
    ['{"a": "\\x"}', 'position 8 (line 1 column 9)'],
    ['{"a": 1, "b": +1}', 'position 14 (line 1 column 15)'],
    ['{"long": 1234567890123456789, x}', 'position 30 (line 1 column 31)'],
    [' ', 'at its end'],
    ['\ufeff{', 'at its end'],
  ])('%j is not JSON, and the message says where reading stopped', async (body, where) => {
    const reply = await post(body)
    expect([reply.status, reply.json]).toStrictEqual([
      400,
      envelope('validation_error', 'invalid_json', { message: expect.stringContaining(where) }),
    ])
    expect(reply.headers.get('x-request-id')).toMatch(requestId)
  })

  test('wherever a body goes wrong, that very place is named', async () => {
    const spoilt = fc.tuple(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), fc.nat())
    await fc.assert(
      fc.asyncProperty(spoilt, async ([value, place]) => {
        const text = JSON.stringify(value)
        const position = place % text.length
        fc.pre(!text.slice(0, position).endsWith('\\'))
        const reply = await post(`${text.slice(0, position)}\u0001${text.slice(position)}`)
        expect(reply.json.error.message).toContain(`at position ${position} (`)
      }),
      { seed: 7159, numRuns: 100 },
    )
  })

  test('bytes that are not UTF-8 are not JSON', async () => {
    const reply = await post(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))
    expect([reply.status, reply.json.error.code]).toEqual([400, 'invalid_json'])
    expect(reply.json.error.message).toContain('UTF-8')
  })

  test.each(['[]', '[{"email":"a@example.com"}]', '"text"', '7', 'true', 'null'])(
    '%s is no object',
    async (body) => {
      const reply = await post(body)
      expect([reply.status, reply.json]).toStrictEqual([400, fields(['body', /must be a JSON object/])])
    },
  )

  test('no body is an object without fields', async () => {
    const reply = await call('POST', '/api/v1/customers')
    expect([reply.status, reply.json]).toStrictEqual([400, fields(['email', /is required/])])
  })

  test.each([
    ['NUL', '{"email":"a@example.com","fullName":"a\\u0000b"}', 'fullName', /NUL/],
    ['NUL deep inside', '{"email":"a@example.com","metadata":{"a":{"b":"\\u0000"}}}', 'metadata.a.b', /NUL/],
    ['NUL in a key', '{"email":"a@example.com","metadata":{"a\\u0000":1}}', 'metadata', /NUL/],
    ['half a surrogate pair', '{"email":"a@example.com","fullName":"\\ud83d"}', 'fullName', /surrogate/],
    ['the other half', '{"email":"a@example.com","metadata":{"a":["\\ude00"]}}', 'metadata.a.0', /surrogate/],
    ['half a pair in a key', '{"email":"a@example.com","metadata":{"\\ud83d":1}}', 'metadata', /surrogate/],
    ['__proto__', '{"email":"a@example.com","metadata":{"__proto__":{}}}', 'metadata', /__proto__/],
    [
      'a large whole number',
      '{"email":"a@example.com","metadata":{"a":[9007199254740993]}}',
      'metadata.a.0',
      /too large/,
    ],
    ['a huge number', '{"email":"a@example.com","metadata":{"a":1e400}}', 'metadata.a', /too large/],
    [
      'a huge whole number',
      `{"email":"a@example.com","metadata":{"a":${'9'.repeat(400)}}}`,
      'metadata.a',
      /too large/,
    ],
  ])('%s is refused where it stands', async (_, body, field, message) => {
    const reply = await post(body)
    expect([reply.status, reply.json]).toStrictEqual([400, fields([field, message])])
  })

  test('numbers that JavaScript keeps exactly are kept', async () => {
    const body =
      '{"email":"a@example.com","metadata":{"a":9007199254740991,"b":0.1234567890123456789,"c":-0}}'
    const reply = await post(body)
    expect(reply.json.data.metadata).toEqual({ a: 9007199254740991, b: 0.12345678901234568, c: 0 })
  })

  test('a body nested 32 deep is kept as it is, and one of 33 is refused', async () => {
    const nested = (depth: number): unknown => (depth === 0 ? 1 : { a: nested(depth - 1) })
    const ofLevels = (levels: number) =>
      post(JSON.stringify({ email: 'a@example.com', metadata: nested(levels - 1) }))
    const kept = await ofLevels(32)
    expect([kept.status, kept.json.data.metadata]).toEqual([201, nested(31)])
    const refused = await ofLevels(33)
    expect([refused.status, refused.json]).toStrictEqual([
      400,
      fields(['metadata.a.a', /is nested deeper than 32 levels/]),
    ])
  })

  test.each([40, 5_000, 200_000])('a body nested %i deep is refused', async (depth) => {
    const nested = `${'{"a":'.repeat(depth)}1234567890123456${'}'.repeat(depth)}`
    const reply = await post(`{"email":"a@example.com","metadata":${nested}}`)
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(reply.status).toBeLessThan(500)
    expect(reply.json.success).toBe(false)
  })

  test.each([
    ['application/x-www-form-urlencoded'],
    ['text/plain'],
    ['multipart/form-data; boundary=x'],
    ['application/json; charset=latin1'],
    ['application/jsonp'],
  ])('the content type %s is refused', async (type) => {
    const reply = await post('{"email":"a@example.com"}', { 'content-type': type })
    expect([reply.status, reply.json]).toStrictEqual([415, fields(['content-type', /application\/json/])])
  })

  test.each(['application/json; charset=utf-8', 'APPLICATION/JSON;charset="UTF-8"', 'application/json;'])(
    'the content type %s is JSON',
    async (type) => {
      expect((await post('{"email":"a@example.com"}', { 'content-type': type })).status).toBe(201)
    },
  )

  test('a body without a content type is refused', async () => {
    const body = '{"email":"a@example.com"}'
    const reply = await sandbox.raw(
      `POST /api/v1/customers HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${sandbox.apiKey}\r\ncontent-length: ${body.length}`,
      body,
    )
    expect(reply.status).toBe(415)
  })

  const large = (bytes: number) => JSON.stringify({ email: 'a@example.com', fullName: 'x'.repeat(bytes) })

  test('a body of just 1 MB is read', async () => {
    const body = `{"email":"a@example.com"}${' '.repeat(1024 * 1024 - 25)}`
    expect((await post(body)).status).toBe(201)
  })

  test.each([1024 * 1024, 8 * 1024 * 1024])(
    'a body over 1 MB is refused: %i bytes with a length',
    async (bytes) => {
      const reply = await post(large(bytes))
      expect([reply.status, reply.json]).toStrictEqual([413, fields(['body', /at most 1 MB/])])
      expect(reply.headers.get('x-request-id')).toMatch(requestId)
    },
  )

  test('a body over 1 MB is refused: in chunks, without a length', async () => {
    const head = [
      'POST /api/v1/customers HTTP/1.1',
      'host: localhost',
      `x-api-key: ${sandbox.apiKey}`,
      'content-type: application/json',
      'transfer-encoding: chunked',
    ]
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    const reply = await sandbox.raw(head.join('\r\n'), `${chunk.repeat(40)}0\r\n\r\n`)
    expect([reply.status, reply.json]).toStrictEqual([413, fields(['body', /at most 1 MB/])])
  })

  test('a client that announces more than 1 MB is answered before it sends it', async () => {
    const reply = await sandbox.raw(
      `POST /api/v1/customers HTTP/1.1\r\nhost: localhost\r\nx-api-key: ${sandbox.apiKey}\r\ncontent-length: 99999999`,
    )
    expect([reply.status, reply.headers.get('connection')]).toEqual([413, 'close'])
  })

  test('a connection goes on after a refused body', async () => {
    const agent = { email: 'a@example.com' }
    for (const body of ['{', '[]', '{"email":1}']) {
      expect((await post(body)).status).toBe(400)
      expect((await post(agent)).status).toBe(201)
    }
  })

  test('unknown fields are named with the field that was meant', async () => {
    const reply = await post({ email: 'a@example.com', fullname: 'Ada', colour: 'red' })
    expect(reply.json).toStrictEqual(
      fields(['fullname', /did you mean fullName\?/], ['colour', /is not a field of this request/]),
    )
  })
})

describe('queries', () => {
  const get = (query: string) => call('GET', `/api/v1/customers?${query}`)

  test.each([
    ['limit=1&limit=2', 'limit', /given once/],
    ['metadata[a]=1&metadata[a]=2', 'metadata[a]', /given once/],
    ['metadata=1&metadata[a]=2', 'metadata[a]', /given once/],
    ['search=%', 'search', /percent-encoded/],
    ['search=%E0%A4', 'search', /percent-encoded/],
    ['search=%ED%A0%80', 'search', /percent-encoded/],
    ['search=a%00b', 'search', /NUL/],
    ['%ff=1', 'query', /percent-encoded/],
    ['serach=x', 'serach', /did you mean search\?/],
    ['metadata[]=x', 'metadata[]', /is not a field/],
    ['__proto__=x', '__proto__', /is not a field/],
    ['email[a]=x', 'email', /must be/],
    [`search=${'x'.repeat(201)}`, 'search', /200/],
  ])('%s is refused', async (query, field, message) => {
    const reply = await get(query)
    expect([reply.status, reply.json]).toStrictEqual([400, fields([field, message])])
  })

  test('a write takes no query', async () => {
    const reply = await call('POST', '/api/v1/customers?dryRun=true', { body: { email: 'nobody' } })
    expect(reply.json.error.details).toEqual([
      { field: 'dryRun', message: 'is not a parameter of this request' },
      { field: 'email', message: 'Invalid email format' },
    ])
  })
})

describe('what is no HTTP', () => {
  test.each([
    ['garbage', 'hello\r\n\r\n', 400],
    ['a header without a colon', 'GET / HTTP/1.1\r\nhost: x\r\nbroken\r\n\r\n', 400],
    ['no host', 'GET /api/v1/customers HTTP/1.1\r\nconnection: close\r\n\r\n', 400],
    ['a host that is none', 'GET /api/v1/customers HTTP/1.1\r\nhost: a b\r\nconnection: close\r\n\r\n', 400],
    ['headers of 20 KB', `GET / HTTP/1.1\r\nhost: x\r\nx-filler: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx', 400],
    [
      'an expectation nobody meets',
      'GET /health HTTP/1.1\r\nhost: x\r\nexpect: coffee\r\nconnection: close\r\n\r\n',
      417,
    ],
    ['letters that need encoding', 'GET /\xe9 HTTP/1.1\r\nhost: x\r\n\r\n', 400],
  ])('%s gets the same envelope', async (_, request, status) => {
    const answer = (await exchange(server.address, Buffer.from(request, 'latin1'))).toString()
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(answer).toMatch(/\r\nx-request-id: req_[0-9a-z]{26}\r\n/i)
    const body = JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1))
    expect(body).toStrictEqual(
      envelope('validation_error', 'validation_error', {
        param: 'request',
        details: [{ field: 'request', message: expect.any(String) }],
      }),
    )
  })

  test('a path in absolute form is the same path', async () => {
    const reply = await sandbox.raw(
      `GET ${server.address}/api/v1/customers/nobody HTTP/1.1\r\nhost: x\r\nx-api-key: ${sandbox.apiKey}`,
    )
    expect([reply.status, reply.json.error.code]).toEqual([404, 'customer_not_found'])
  })

  test('dots in a path do not lead out of it', async () => {
    const reply = await sandbox.raw(
      `GET /api/v1/customers/a/../../api-keys/x HTTP/1.1\r\nhost: x\r\nx-api-key: ${sandbox.apiKey}`,
    )
    expect(reply.status).toBeGreaterThanOrEqual(400)
    expect(reply.status).toBeLessThan(500)
  })
})

describe('what everybody may see', () => {
  test('an error of ours says no more than where to look it up, and the log says what it was', async () => {
    const own = await startTestServer()
    const { sandbox: environment } = await own.organization()
    await environment.call('GET', '/api/v1/customers')
    await own.database.owner('alter table customers rename to elsewhere')
    const reply = await environment.call('POST', '/api/v1/customers', {
      body: { email: 'secret@example.com', id: 'secret_user' },
    })
    const id = reply.headers.get('x-request-id') ?? ''
    expect([reply.status, reply.json.error.code]).toEqual([500, 'internal_error'])
    expect(Object.keys(reply.json.error)).toEqual(['type', 'code', 'message', 'doc_url'])
    expect(reply.json.error.message).toContain(id)
    expect(reply.text).not.toMatch(/relation|customers|at .*\.ts|stack/)
    const failure = own.logLines.find(({ message }) => message === 'request failed')
    expect(failure).toMatchObject({ level: 'error', requestId: id, code: '42P01' })
    expect(JSON.stringify(own.logLines)).not.toMatch(/secret@example|secret_user/)
    await own.stop()
  })

  test('one line is logged per request, with its ID and neither key nor address nor user ID', async () => {
    const own = await startTestServer()
    const { sandbox: environment } = await own.organization()
    const before = own.logLines.length
    const replies = [
      await environment.call('POST', '/api/v1/customers', {
        body: { email: 'private@example.com', id: 'private_user', fullName: 'Private Name' },
        headers: { 'idempotency-key': 'private-key' },
      }),
      await environment.call('GET', '/api/v1/customers/private_user'),
      await environment.call('GET', '/api/v1/customers?email=private@example.com&search=private'),
      await environment.call('PATCH', '/api/v1/customers/private_user', { body: { email: 'private' } }),
      await environment.call('GET', '/api/v1/private_path'),
      await environment.call('GET', '/api/v1/customers', { headers: { 'x-api-key': 'ck_live_private' } }),
      await environment.call('GET', '/health'),
      await environment.raw('GET /private\xe9 HTTP/1.1\r\nhost: x'),
    ]
    const lines = own.logLines.slice(before).filter(({ message }) => message === 'request')
    expect(lines.map(({ requestId: id, status }) => [id, status])).toEqual(
      replies.map(({ headers, status }) => [headers.get('x-request-id'), status]),
    )
    expect(lines[1]).toMatchObject({
      level: 'info',
      method: 'GET',
      route: '/api/v1/customers/:id',
      environmentId: environment.id,
      apiKeyId: expect.stringMatching(/^key_/),
      version: '2026-07-11',
      durationMs: expect.any(Number),
    })
    expect(own.logLines).toHaveLength(before + lines.length)
    const text = JSON.stringify(own.logLines)
    expect(text).not.toMatch(/private/i)
    expect(text).not.toContain(environment.apiKey)
    await own.stop()
  })

  test('a client that leaves in the middle of its body is no error of ours', async () => {
    const own = await startTestServer()
    const { sandbox: environment } = await own.organization()
    const before = own.logLines.length
    const head = `POST /api/v1/customers HTTP/1.1\r\nhost: x\r\nx-api-key: ${environment.apiKey}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`
    const { connect } = await import('node:net')
    const { hostname, port } = new URL(own.address)
    const socket = connect(Number(port), hostname, () => socket.write(head, () => socket.destroy()))
    await expect.poll(() => own.logLines.length).toBeGreaterThan(before)
    expect(own.logLines.slice(before)).toMatchObject([{ level: 'info', status: 400 }])
    await own.stop()
  })

  test('a server that is still starting says so in the same envelope', async () => {
    const { createServer } = await import('node:net')
    const silent = createServer()
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    const free = createServer()
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve))
    const { port } = free.address() as AddressInfo
    await new Promise((resolve) => free.close(resolve))
    const connected = new Promise<Socket>((resolve) => silent.once('connection', resolve))
    const start = startTestServer({
      database: server.database,
      databaseUrl: `postgresql://postgres@127.0.0.1:${(silent.address() as AddressInfo).port}/x`,
      port,
    })
    const refused = expect(start).rejects.toThrow('cannot be used')
    const socket = await connected
    const reply = await fetch(`http://127.0.0.1:${port}/api/v1/customers`)
    expect([reply.status, await reply.json()]).toMatchObject([503, { error: { code: 'internal_error' } }])
    expect(reply.headers.get('retry-after')).toBe('1')
    expect(reply.headers.get('x-request-id')).toMatch(requestId)
    socket.destroy()
    silent.close()
    await refused
  })

  test('health is open to everyone and says whether the database answers', async () => {
    const reply = await fetch(`${server.address}/health`)
    expect([reply.status, await reply.json()]).toEqual([200, { status: 'ok' }])
    expect(reply.headers.get('x-request-id')).toMatch(requestId)
  })
})

describe('the rate limit', () => {
  test('counts per key, and tells when to come back', async () => {
    const own = await startTestServer({ rateLimitPerMinute: 3 })
    const { sandbox: environment, live } = await own.organization()
    const get = (version = '2026-07-31') =>
      environment.call('GET', '/api/v1/customers', { headers: { 'commet-version': version } })
    const replies = [await get(), await get(), await get(), await get()]
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    const refused = replies[3]
    expect(refused?.json.error).toMatchObject({ type: 'rate_limit_error', code: 'rate_limited' })
    const seconds = Number(refused?.headers.get('retry-after'))
    expect(seconds).toBeGreaterThanOrEqual(1)
    expect(seconds).toBeLessThanOrEqual(60)
    expect(refused?.headers.get('ratelimit-limit')).toBe('3')
    expect(refused?.headers.get('ratelimit-remaining')).toBe('0')
    expect(Number(refused?.headers.get('ratelimit-reset'))).toBe(seconds)
    expect(Object.keys((await get('2026-05-01')).json)).toEqual(['success', 'code', 'message'])
    expect((await live.call('GET', '/api/v1/customers')).status).toBe(200)
    await own.stop()
  })
})
