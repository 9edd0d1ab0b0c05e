import { Refusal } from '../kernel/refusal.ts'

/** A fixed window of one minute per API key, counted in this process. */

const windowMs = 60_000

export type RateLimit = { take(keyId: string): void }

/** `perMinute` 0 means no limit. Throws rate_limited, with the seconds to wait, once the window is used up. */
export function createRateLimit(perMinute: number, now: () => number = () => performance.now()): RateLimit {
  let windowStart = now()
  let taken = new Map<string, number>()
  return {
    take: (keyId) => {
      if (perMinute === 0) return
      const time = now()
      if (time - windowStart >= windowMs) {
        windowStart = time - ((time - windowStart) % windowMs)
        taken = new Map()
      }
      const count = (taken.get(keyId) ?? 0) + 1
      taken.set(keyId, count)
      if (count > perMinute) throw limited(perMinute, Math.ceil((windowStart + windowMs - time) / 1000))
    },
  }
}

function limited(perMinute: number, seconds: number): Refusal {
  return new Refusal(
    'rate_limited',
    `This key sent more than ${perMinute} requests in a minute. Wait ${seconds} s.`,
    {
      headers: {
        'retry-after': String(seconds),
        'ratelimit-limit': String(perMinute),
        'ratelimit-remaining': '0',
        'ratelimit-reset': String(seconds),
      },
    },
  )
}
