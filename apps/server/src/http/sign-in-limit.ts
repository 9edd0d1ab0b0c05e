import { Refusal } from '../kernel/refusal.ts'
import { netOf } from './client-address.ts'

/**
 * Guesses at passwords are limited: by account, and by the address they come from, of which IPv6 gives everybody many. Only
 * failures count, and a success clears those of its account. Counted in this process; a second server allows as many again.
 */

const windowMs = 15 * 60_000
const maxPerAccount = 10
const maxPerAddress = 100
const maxCounted = 100_000

export type SignInLimit = {
  /** Throws rate_limited where there were too many failures. Counts this attempt as one until it succeeds. */
  attempt(attempt: Attempt): void
  succeeded(attempt: Attempt): void
}

export type Attempt = { readonly email: string; readonly address: string }

type Count = { failures: number; until: number }

export function createSignInLimit(now: () => number = () => performance.now()): SignInLimit {
  const accounts = new Map<string, Count>()
  const addresses = new Map<string, Count>()
  return {
    attempt: ({ email, address }) => {
      const time = now()
      const counts = [
        { count: countOf(accounts, email.toLowerCase(), time), max: maxPerAccount },
        { count: countOf(addresses, netOf(address), time), max: maxPerAddress },
      ]
      for (const { count, max } of counts) if (count.failures >= max) throw tooMany(count.until - time)
      for (const { count } of counts) count.failures++
    },
    succeeded: ({ email, address }) => {
      accounts.delete(email.toLowerCase())
      const count = addresses.get(netOf(address))
      if (count !== undefined) count.failures--
    },
  }
}

/** The counts of one window. When there are too many of them, those whose time is over go first, then the oldest. */
function countOf(counts: Map<string, Count>, name: string, time: number): Count {
  const known = counts.get(name)
  if (known !== undefined && known.until > time) return known
  counts.delete(name)
  if (counts.size >= maxCounted) {
    for (const [other, { until }] of counts) if (until <= time) counts.delete(other)
    const [oldest] = counts.keys()
    if (counts.size >= maxCounted && oldest !== undefined) counts.delete(oldest)
  }
  const count = { failures: 0, until: time + windowMs }
  counts.set(name, count)
  return count
}

function tooMany(waitMs: number): Refusal {
  const seconds = Math.ceil(waitMs / 1000)
  return new Refusal(
    'rate_limited',
    `There were too many failed attempts to sign in. Wait ${Math.ceil(seconds / 60)} minutes.`,
    { headers: { 'retry-after': String(seconds) } },
  )
}
