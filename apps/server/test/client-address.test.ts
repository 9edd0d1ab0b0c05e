import { clientAddress, isNet, netOf, proxiesIn } from '@commet/server/http/client-address'
import { callerWith, startTestServer } from '@commet/testkit'
import { describe, expect, test } from 'vitest'

/** Whom the limit on failed sign-ins counts, without a proxy, behind one, and for those who pretend. */

const hashesOfPasswordsMs = 120_000
let unique = 0

/** One failed attempt after the other, a few at a time: as many statuses as there are headers. */
async function failures(
  address: string,
  forwarded: readonly (string | undefined)[],
): Promise<readonly number[]> {
  const call = callerWith(address, undefined)
  const attempt = async (from: string | undefined) => {
    const headers = { origin: address, ...(from === undefined ? {} : { 'x-forwarded-for': from }) }
    const body = { email: `nobody${++unique}@example.com`, password: 'not the password' }
    return (await call('POST', '/auth/sign-in', { body, headers })).status
  }
  const statuses: number[] = []
  for (let at = 0; at < forwarded.length; at += 10)
    statuses.push(...(await Promise.all(forwarded.slice(at, at + 10).map(attempt))))
  return statuses
}

const refusedHundred = Array.from({ length: 100 }, () => 401)
const forged = (turn: number) => `198.51.100.${turn}`

describe('the limit on failed sign-ins', () => {
  test(
    'is not evaded with a header by whoever is no named proxy',
    async () => {
      const server = await startTestServer({ trustedProxies: ['192.0.2.0/24'] })
      const headers = refusedHundred.map((_, turn) => forged(turn))
      expect(await failures(server.address, headers)).toEqual(refusedHundred)
      expect(await failures(server.address, ['203.0.113.9', undefined])).toEqual([429, 429])
      await server.stop()
    },
    hashesOfPasswordsMs,
  )

  test(
    'counts those behind a named proxy one by one, whatever they wrote into the header before, and whichever of their IPv6 addresses they take',
    async () => {
      const server = await startTestServer({ trustedProxies: ['127.0.0.1'] })
      const headers = refusedHundred.map((_, turn) => `${forged(turn)}, 2001:db8:0:9::${turn.toString(16)}`)
      expect(await failures(server.address, headers)).toEqual(refusedHundred)
      expect(await failures(server.address, ['2001:db8:0:9:a::b', '2001:db8:0:a::'])).toEqual([429, 401])
      await server.stop()
    },
    hashesOfPasswordsMs,
  )
})

test.each<readonly [why: string, peer: string, forwarded: string | undefined, client: string]>([
  ['nobody is in between', '203.0.113.9', undefined, '203.0.113.9'],
  ['the peer is no named proxy', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
  ['one proxy is in between', '10.0.0.7', '203.0.113.9', '203.0.113.9'],
  ['the client wrote something to the left', '10.0.0.7', '127.0.0.1, 203.0.113.9', '203.0.113.9'],
  ['two proxies are in between', '10.0.0.7', '203.0.113.9, 10.1.2.3', '203.0.113.9'],
  ['an unnamed proxy is in between', '10.0.0.7', '203.0.113.9, 192.0.2.5', '192.0.2.5'],
  ['the proxy says nothing', '10.0.0.7', undefined, '10.0.0.7'],
  ['the proxy says what is no address', '10.0.0.7', '203.0.113.9, unknown', '10.0.0.7'],
  ['all are proxies', '10.0.0.7', '10.0.0.8, 10.0.0.9', '10.0.0.8'],
  ['IPv4 comes as IPv6', '::ffff:10.0.0.7', '::ffff:203.0.113.9', '203.0.113.9'],
  ['the port is said too', '10.0.0.7', '203.0.113.9:41234', '203.0.113.9'],
  ['IPv6 comes with brackets and port', 'fd00::7', '[2001:db8::9]:41234', '2001:db8::9'],
  ['the peer has a zone', 'fe80::1%eth0', '2001:db8::9', 'fe80::1'],
])('the client is found where %s', (_, remoteAddress, forwarded, client) => {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  const proxies = proxiesIn(['10.0.0.0/8', 'fd00::/8'])
  expect(clientAddress({ socket: { remoteAddress }, headers }, proxies)).toBe(client)
})

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:0:9::1', '2001:db8:0:9'],
  ['2001:0DB8:0000:0009:1:2:3:4', '2001:db8:0:9'],
  ['2001:db8::9:1:2:3:4', '2001:db8:0:9'],
  ['::1', '0:0:0:0'],
  ['fe80::', 'fe80:0:0:0'],
  ['nothing', 'nothing'],
])('of %s is counted %s', (address, net) => {
  expect(netOf(address)).toBe(net)
})

test('a net is an address, or one with a prefix that leaves somebody out', () => {
  expect(['10.0.0.7', '10.0.0.0/8', '::1', 'fd00::/8', '10.0.0.7/32'].map(isNet)).not.toContain(false)
  expect(
    [
      '',
      'proxy',
      '10.0.0',
      '0.0.0.0/0',
      '::/0',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0.0/8/8',
      'fe80::1%eth0',
    ].map(isNet),
  ).not.toContain(true)
})
