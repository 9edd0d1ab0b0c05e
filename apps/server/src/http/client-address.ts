import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/**
 * Where a request comes from. Behind a proxy the peer is the proxy; who came to it stands in X-Forwarded-For, to which every
 * proxy adds at the right and whose left anybody can write. So it is read from the right, and only past proxies that the
 * operator has named.
 */

/** Whether a text is an address or a net, such as 10.0.0.7 or fd00::/8. Everybody is no net of proxies. */
export function isNet(text: string): boolean {
  return readNet(text) !== undefined
}

/** The nets of the proxies that are believed; each must be one. */
export function proxiesIn(nets: readonly string[]): BlockList {
  const proxies = new BlockList()
  for (const { address, prefix, family } of nets.map(readNet).filter((net) => net !== undefined))
    proxies.addSubnet(address, prefix, family)
  return proxies
}

type Net = { readonly address: string; readonly prefix: number; readonly family: 'ipv4' | 'ipv6' }

function readNet(text: string): Net | undefined {
  const [, address = '', digits] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const family = familyOf(address)
  if (family === undefined || address.includes('%')) return undefined
  const bits = family === 'ipv4' ? 32 : 128
  const prefix = digits === undefined ? bits : Number(digits)
  return prefix >= 1 && prefix <= bits ? { address, prefix, family } : undefined
}

/** The first address from the right that is no proxy of ours; where something else stands in between, what came before it. */
export function clientAddress(
  {
    socket,
    headers,
  }: Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string | undefined } },
  proxies: BlockList,
): string {
  const hops = String(headers['x-forwarded-for'] ?? '').split(',')
  let address = plain(socket.remoteAddress ?? '')
  while (isProxy(address, proxies)) {
    const next = plain(hops.pop() ?? '')
    if (familyOf(next) === undefined) return address
    address = next
  }
  return address
}

function isProxy(address: string, proxies: BlockList): boolean {
  const family = familyOf(address)
  return family !== undefined && proxies.check(address, family)
}

/** An address as it is compared: without port, brackets and zone, and IPv4 as IPv4. */
function plain(hop: string): string {
  const text = hop.trim().replace(/^\[(.*)\](:\d+)?$/, '$1')
  return text
    .replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1')
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.)/i, '')
}

/** What one customer of a network has: of IPv6 the first 64 bits, of IPv4 the address. */
export function netOf(address: string): string {
  if (familyOf(address) !== 'ipv6') return address
  const [start = [], end = []] = address
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''))
  const groups = [...start, ...Array.from({ length: 8 - start.length - end.length }, () => '0'), ...end]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

function familyOf(address: string): Net['family'] | undefined {
  const version = isIP(address)
  return version === 0 ? undefined : `ipv${version as 4 | 6}`
}
