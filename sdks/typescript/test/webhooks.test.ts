import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { hmacSha256Matches as matchesInBrowserBuild } from '../src/core/hmac-browser.ts'
import { Commet, Webhooks } from '../src/index.ts'
import { testKey } from './stub-server.ts'

const webhooks = new Webhooks()
const secret = 'whsec_test'
const body = '{"event":"x"}'
const sign = (payload: string | Uint8Array, key = secret) =>
  createHmac('sha256', key).update(payload).digest('hex')
const signature = sign(body)
const flipped = (signature[0] === '0' ? '1' : '0') + signature.slice(1)

describe('a delivery verifies', () => {
  test('by the hex HMAC-SHA256 of its raw body under the whole secret', () => {
    // Computed apart from this code: printf '{"event":"x"}' | openssl dgst -sha256 -hmac whsec_test
    expect(signature).toBe('1fb1b5ffa72be9697ddabdd345f5aa0d77a10a27a45597350ecd80d32fe6c146')
    expect(webhooks.verify({ payload: body, signature, secret })).toBe(true)
    expect(webhooks.verify({ payload: Buffer.from(body), signature, secret })).toBe(true)
    expect(
      webhooks.verify({
        payload: new TextEncoder().encode(body),
        signature: signature.toUpperCase(),
        secret,
      }),
    ).toBe(true)
  })

  test('in any script', () => {
    const payload = '{"event":"customer.created","data":{"fullName":"Zoë ☃ 日本 🧾"}}'
    const delivery = { rawBody: payload, signature: sign(payload, 'schlüssel'), secret: 'schlüssel' }
    expect(webhooks.verifyAndParse(delivery)?.data).toEqual({ fullName: 'Zoë ☃ 日本 🧾' })
    expect(webhooks.verifyAndParse({ ...delivery, rawBody: Buffer.from(payload) })?.event).toBe(
      'customer.created',
    )
  })

  test('by the first of a list, which is how some frameworks hand over every header', () => {
    expect(webhooks.verify({ payload: body, signature: [signature], secret })).toBe(true)
    expect(webhooks.verify({ payload: body, signature: [signature, flipped], secret })).toBe(true)
    expect(webhooks.verifyAndParse({ rawBody: body, signature: [signature], secret })).toEqual({ event: 'x' })
  })

  test('by Standard Webhooks headers that are lists', () => {
    const key = Buffer.from('a key of thirty-two bytes or more')
    const signed = createHmac('sha256', key).update(`msg_1.100.${body}`).digest('base64')
    const delivery = (...signatures: readonly string[]) => ({
      payload: body,
      secret: `whsec_${key.toString('base64')}`,
      now: 100,
      headers: { 'Webhook-Id': ['msg_1'], 'webhook-timestamp': ['100'], 'webhook-signature': signatures },
    })
    expect(webhooks.verifyStandard(delivery(`v1,${signed}`))).toBe(true)
    expect(webhooks.verifyAndParseStandard(delivery(`v1,${signed}`, 'v1,AAAA'))).toEqual({ event: 'x' })
    expect(webhooks.verifyStandard(delivery('v1,AAAA', `v1,${signed}`))).toBe(false)
    expect(webhooks.verifyStandard(delivery())).toBe(false)
  })

  test('through a client as well', () => {
    const commet = new Commet({ apiKey: testKey })
    expect(commet.webhooks.verifyAndParse({ rawBody: body, signature, secret })).toEqual({ event: 'x' })
  })
})

describe('a delivery does not verify', () => {
  test.each([
    ['a changed body', { payload: '{"event":"y"}', signature, secret }],
    ['a body parsed and written again', { payload: '{ "event": "x" }', signature, secret }],
    ['another secret', { payload: body, signature, secret: 'whsec_other' }],
    ['the secret without its prefix', { payload: body, signature, secret: 'test' }],
    ['a changed signature', { payload: body, signature: flipped, secret }],
    ['a shortened signature', { payload: body, signature: signature.slice(0, 62), secret }],
    ['a lengthened signature', { payload: body, signature: `${signature}00`, secret }],
    ['a signature with half a byte more', { payload: body, signature: `${signature}0`, secret }],
    ['a signature with a scheme', { payload: body, signature: `sha256=${signature}`, secret }],
    ['a signature that is not hex', { payload: body, signature: 'z'.repeat(64), secret }],
    ['an empty signature', { payload: body, signature: '', secret }],
    ['no signature', { payload: body, signature: undefined, secret }],
    ['a null signature', { payload: body, signature: null, secret }],
    ['a list that begins with another signature', { payload: body, signature: [flipped, signature], secret }],
    ['an empty list of signatures', { payload: body, signature: [], secret }],
    ['an empty body', { payload: '', signature: sign(''), secret }],
    ['an empty secret', { payload: body, signature: sign(body, ''), secret: '' }],
    ['a body parsed too early', { payload: JSON.parse(body), signature, secret }],
  ])('with %s, and nothing is thrown', (_, delivery) => {
    expect(webhooks.verify(delivery)).toBe(false)
    expect(webhooks.verifyAndParse({ ...delivery, rawBody: delivery.payload })).toBeNull()
  })
})

test.each(['not json', '"text"', '7', 'null', '[1]', '{"a":'])(
  'a signed body that is no object is null: %s',
  (rawBody) => {
    expect(webhooks.verifyAndParse({ rawBody, signature: sign(rawBody), secret })).toBeNull()
  },
)

test('the browser build verifies where the runtime has Node’s crypto, and says so where it has not', () => {
  const bytes = Buffer.from(signature, 'hex')
  expect(matchesInBrowserBuild(secret, body, bytes)).toBe(true)
  expect(matchesInBrowserBuild(secret, 'other', bytes)).toBe(false)
  const original = process.getBuiltinModule
  try {
    Object.assign(process, { getBuiltinModule: undefined })
    expect(() => matchesInBrowserBuild(secret, body, bytes)).toThrow('on a server')
  } finally {
    Object.assign(process, { getBuiltinModule: original })
  }
})
