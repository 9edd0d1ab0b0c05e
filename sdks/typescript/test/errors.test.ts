import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { CommetAPIError, CommetError, CommetValidationError } from '../src/index.ts'
import {
  clientOf,
  failure,
  json,
  ok,
  type Reply,
  type Stub,
  startStub,
  testKey,
  text,
} from './stub-server.ts'

let stub: Stub
beforeEach(async () => {
  stub = await startStub()
})
afterEach(() => stub.close())

async function errorFrom(reply: Reply): Promise<CommetAPIError> {
  stub.answer(reply)
  const error = await clientOf(stub, { retries: 0 })
    .commet.customers.create({ email: 'a@b.example' })
    .catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(CommetAPIError)
  return error as CommetAPIError
}

describe('a refusal tells everything the server said', () => {
  test('in the nested envelope', async () => {
    const error = await errorFrom(
      failure(404, {
        type: 'not_found_error',
        code: 'customer_not_found',
        message: 'No customer cus_9',
        param: 'id',
        details: { hint: 1 },
        doc_url: 'https://billing.example/errors/customer_not_found',
      }),
    )
    expect(error).not.toBeInstanceOf(CommetValidationError)
    expect(error).toMatchObject({
      name: 'CommetAPIError',
      message: 'No customer cus_9',
      statusCode: 404,
      status: 404,
      type: 'not_found_error',
      code: 'customer_not_found',
      param: 'id',
      details: { hint: 1 },
      docUrl: 'https://billing.example/errors/customer_not_found',
      requestId: 'req_stub',
    })
  })

  test('in the nested envelope without success', async () => {
    const error = await errorFrom(json(403, { error: { code: 'sandbox_only', message: 'Sandbox only' } }))
    expect(error).toMatchObject({ code: 'sandbox_only', message: 'Sandbox only', type: 'api_error' })
  })

  test('in the flat envelope of older versions', async () => {
    const body = { success: false, code: 'duplicate', message: 'Taken', details: [1] }
    expect(await errorFrom(json(409, body))).toMatchObject({
      code: 'duplicate',
      message: 'Taken',
      details: [1],
    })
  })

  test('in the flat envelope with error as text', async () => {
    expect(await errorFrom(json(401, { error: 'No key' }))).toMatchObject({
      code: 'unknown',
      message: 'No key',
    })
  })

  test('in a 200 that says success: false', async () => {
    const body = { success: false, error: { code: 'charge_failed', message: 'Declined' } }
    expect(await errorFrom(json(200, body))).toMatchObject({ code: 'charge_failed', statusCode: 200 })
  })

  test.each([
    {},
    [],
    'oops',
    null,
    7,
    { error: {} },
    { error: { code: 5, message: null, details: undefined } },
  ])('with fallbacks where it said nothing: %j', async (body) => {
    expect(await errorFrom(json(500, body))).toMatchObject({
      type: 'api_error',
      code: 'unknown',
      message: 'Request failed with status 500',
      statusCode: 500,
    })
  })
})

describe('a validation error', () => {
  const details = [
    { field: 'email', message: 'Invalid email format' },
    { field: 'address.country', message: 'Two letters' },
    { field: 'email', message: 'Too long' },
  ]
  const folded = { email: ['Invalid email format', 'Too long'], 'address.country': ['Two letters'] }

  test.each([400, 422])('is told by code and details whatever the status: %i', async (status) => {
    const error = await errorFrom(failure(status, { code: 'validation_error', message: 'Invalid', details }))
    expect(error).toBeInstanceOf(CommetValidationError)
    expect(error).toBeInstanceOf(CommetAPIError)
    expect(error).toMatchObject({
      statusCode: status,
      validationErrors: folded,
      details,
      requestId: 'req_stub',
    })
  })

  test('is understood in the flat envelope', async () => {
    const error = await errorFrom(
      json(400, { success: false, code: 'validation_error', message: 'Invalid', details }),
    )
    expect(error).toMatchObject({ name: 'CommetValidationError', validationErrors: folded })
  })

  test('is understood in the oldest envelope', async () => {
    const error = await errorFrom(
      json(400, { message: 'Invalid', errors: { email: ['Bad', 'Long'], name: 'Short' } }),
    )
    expect(error).toBeInstanceOf(CommetValidationError)
    expect(error).toMatchObject({
      code: 'validation_error',
      message: 'Invalid',
      validationErrors: { email: ['Bad', 'Long'], name: ['Short'] },
    })
  })

  test('without a list of details is a plain API error', async () => {
    const error = await errorFrom(failure(400, { code: 'validation_error', message: 'Invalid', details: {} }))
    expect(error).not.toBeInstanceOf(CommetValidationError)
  })

  test('with a list of details but another code is a plain API error', async () => {
    expect(await errorFrom(failure(400, { code: 'invalid_json', details }))).not.toBeInstanceOf(
      CommetValidationError,
    )
  })

  test('survives details of any shape', async () => {
    const odd = [null, 'x', {}, { field: '__proto__', message: 'no' }, { field: 'a' }]
    const error = await errorFrom(failure(400, { code: 'validation_error', details: odd }))
    const folds = (error as CommetValidationError).validationErrors
    expect(Object.entries(folds)).toEqual([
      ['', ['is invalid']],
      ['__proto__', ['no']],
      ['a', ['is invalid']],
    ])
  })
})

describe('an answer that is not one of the API', () => {
  test.each([200, 404])('is INVALID_JSON where the body is not JSON (%i)', async (status) => {
    const error = await errorFrom(text(status, '<html>', { 'x-request-id': 'req_p' }))
    expect(error).toMatchObject({ code: 'INVALID_JSON', statusCode: status, requestId: 'req_p' })
  })

  test.each([200, 204, 500])('is EMPTY_RESPONSE where the body is empty (%i)', async (status) => {
    expect(await errorFrom(text(status, ''))).toMatchObject({ code: 'EMPTY_RESPONSE', statusCode: status })
  })

  test('is not followed where it redirects, so the key stays with the server it was meant for', async () => {
    const elsewhere = await startStub()
    const error = await errorFrom(text(307, '', { location: `${elsewhere.url}/api/v1/customers` }))
    expect(error).toMatchObject({ code: 'UNEXPECTED_REDIRECT', statusCode: 307 })
    expect(error.message).toContain(elsewhere.url)
    expect(elsewhere.requests).toEqual([])
    await elsewhere.close()
  })
})

test('a bare null is an answer: there is none', async () => {
  stub.answer(json(200, null), ok(null))
  const { commet } = clientOf(stub)
  expect((await commet.request({ method: 'GET', path: '/x' })).data).toBeNull()
  expect((await commet.request({ method: 'GET', path: '/x' })).data).toBeNull()
})

test('a resource with fields named like the envelope’s is left whole', async () => {
  const bare = { success: true, deliveryId: 'whd_1' }
  stub.answer(json(200, bare), json(200, { object: 'thing', data: { a: 1 } }))
  const { commet } = clientOf(stub)
  expect((await commet.request({ method: 'GET', path: '/x' })).data).toEqual(bare)
  expect((await commet.request({ method: 'GET', path: '/x' })).data).toEqual({
    object: 'thing',
    data: { a: 1 },
  })
})

describe('no error holds the API key', () => {
  test('even where the server echoes it', async () => {
    const error = await errorFrom(
      failure(401, {
        code: 'unauthorized',
        message: `Bad key ${testKey}`,
        details: [{ field: testKey, message: '' }],
      }),
    )
    expect(error.message).toBe('Bad key ck_[redacted]')
    expect(JSON.stringify(error)).not.toContain(testKey)
    expect(String(error.stack)).not.toContain(testKey)
  })

  test('even where fetch throws it', async () => {
    const leaky = async () => {
      throw new Error(`request with x-api-key ${testKey} failed`)
    }
    const { commet } = clientOf(stub, { fetch: leaky, retries: 0 })
    const error = await commet.customers.get('a').catch((reason: unknown) => reason as CommetError)
    expect(JSON.stringify(error)).not.toContain(testKey)
    expect((error as CommetError).message).toContain('ck_[redacted]')
  })

  test('and what toJSON gives is enough for a log line', async () => {
    const error = await errorFrom(failure(404, { type: 'not_found_error', code: 'not_found', message: 'No' }))
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'CommetAPIError',
      message: 'No',
      code: 'not_found',
      statusCode: 404,
      type: 'not_found_error',
      requestId: 'req_stub',
    })
  })
})

test('parameters that are not JSON are refused before sending', async () => {
  const metadata: Record<string, unknown> = {}
  metadata.self = metadata
  const { customers } = clientOf(stub).commet
  for (const bad of [metadata, { big: 1n }]) {
    const call = customers.create({ email: 'a@b.example', metadata: bad })
    await expect(call).rejects.toBeInstanceOf(CommetError)
    await expect(call).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
  }
  expect(stub.requests).toEqual([])
})
