import type { EntryRow, EventRow } from './store.ts'

/**
 * Puts audit entries and events of one thing together, newest first. A command leaves both, recorded at one instant: its
 * events stand with its entry. Events of which no entry is kept stand for themselves.
 */

export type TimelineItem = { readonly entry: EntryRow | undefined; readonly events: readonly EventRow[] }

export type TimelineWindow = { readonly items: readonly TimelineItem[]; readonly hasMore: boolean }

/** Both lists come newest first; one that has more rows than `limit` goes on beyond its last. */
export function mergeTimeline(
  entries: readonly EntryRow[],
  events: readonly EventRow[],
  limit: number,
): TimelineWindow {
  const horizons = [entries, events].flatMap((rows) => (rows.length > limit ? (rows.at(-1) ?? []) : []))
  const isKnown = (row: Row) => horizons.every((last) => newestFirst(row, last) <= 0)
  const items = itemsOf(entries.filter(isKnown), events.filter(isKnown))
  return { items: items.slice(0, limit), hasMore: items.length > limit || horizons.length > 0 }
}

/** The row whose place a timeline goes on from. */
export function placeOf({ entry, events }: TimelineItem): Row | undefined {
  return entry ?? events.at(-1)
}

type Row = { readonly id: string; readonly recorded_at: Date }

function newestFirst(one: Row, other: Row): number {
  const apart = other.recorded_at.getTime() - one.recorded_at.getTime()
  if (apart !== 0) return apart
  return one.id > other.id ? -1 : Number(one.id < other.id)
}

/** Of several entries at one instant, the first takes the events. */
function itemsOf(entries: readonly EntryRow[], events: readonly EventRow[]): readonly TimelineItem[] {
  const instants = Map.groupBy(events, ({ recorded_at }) => recorded_at.getTime())
  const withEvents = entries.map((entry) => {
    const time = entry.recorded_at.getTime()
    const own = instants.get(time) ?? []
    instants.delete(time)
    return { entry, events: own }
  })
  const alone = [...instants.values()].flat().map((event) => ({ entry: undefined, events: [event] }))
  return [...withEvents, ...alone].toSorted((one, other) => newestFirst(rowOf(one), rowOf(other)))
}

function rowOf(item: TimelineItem): Row {
  return placeOf(item) ?? { id: '', recorded_at: new Date(0) }
}
