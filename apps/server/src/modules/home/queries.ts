import type { Home } from '@commet/contract'
import type { QueryContext } from '../../kernel/command.ts'
import * as store from './store.ts'

/**
 * Owns nothing: it counts what the first page shows. Does not know what lies behind a figure.
 * A count that would go on for ever stops at a limit and says so.
 */

const dayCount = 30
const mostADay = 5_000
const mostInAll = 100_000

/** The figures of the first page, in the days of a time zone and by the environment's clock. */
export async function getHome(ctx: QueryContext, input: { readonly timezone: string }): Promise<Home> {
  const { id, mode, simulatedTime } = ctx.caller.environment
  const realNow = new Date()
  const days = lastDays(simulatedTime ?? realNow, input.timezone)
  const [created, total, keys] = await Promise.all([
    store.countCreated(ctx.tx, id, days, mostADay + 1),
    store.countCustomers(ctx.tx, id, mostInAll + 1),
    store.keyUse(ctx.tx, id, realNow),
  ])
  return {
    customers: {
      ...capped('total', total, mostInAll),
      days: days.map(({ date }, place) => ({ date, ...capped('created', created[place] ?? 0, mostADay) })),
    },
    keys: { exist: keys.exist, lastUsedAt: keys.last_used_at?.toISOString() ?? null },
    object: 'home',
    livemode: mode === 'live',
  }
}

function capped<Name extends string>(name: Name, count: number, most: number) {
  const figure = { [name]: Math.min(count, most) } as Readonly<Record<Name, number>>
  return { ...figure, isMore: count > most }
}

type Day = store.Span & { readonly date: string }

/** The last days in a time zone, oldest first, the running one last. A day has 23 to 25 hours where clocks change. */
function lastDays(now: Date, timezone: string): readonly Day[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(timezone)
    .toPlainDate()
  return Array.from({ length: dayCount }, (_, place) => {
    const date = today.subtract({ days: dayCount - 1 - place })
    return {
      date: date.toString(),
      begins: startOf(date, timezone),
      ends: startOf(date.add({ days: 1 }), timezone),
    }
  })
}

function startOf(date: Temporal.PlainDate, timezone: string): Date {
  return new Date(date.toZonedDateTime(timezone).epochMilliseconds)
}
