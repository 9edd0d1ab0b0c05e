import type { DayOfCustomers } from '@commet/contract'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../../ui/table.tsx'

/** New customers per day: drawn for those who see it, and as a table for everybody. */

const barWidth = 10
const gap = 2
const height = 100

type Props = { readonly days: readonly DayOfCustomers[] }

export function CustomersChart({ days }: Props) {
  const most = Math.max(1, ...days.map(({ created }) => created))
  const busiest = days.find(({ created }) => created === most)
  const [first, last] = [days[0], days.at(-1)]
  if (first === undefined || last === undefined) return null
  const summary =
    busiest === undefined
      ? `No new customers from ${dayName(first)} to ${dayName(last)}.`
      : `New customers per day from ${dayName(first)} to ${dayName(last)}; most on ${dayName(busiest)}: ${figureOf(busiest)}.`
  return (
    <figure className="mt-4">
      <div className="flex gap-2">
        <div
          aria-hidden="true"
          className="flex flex-col justify-between text-right text-sm text-muted-foreground tabular-nums"
        >
          <span>{figure(most, busiest?.isMore === true)}</span>
          <span>0</span>
        </div>
        <svg
          role="img"
          aria-label={summary}
          viewBox={`0 0 ${days.length * barWidth} ${height}`}
          preserveAspectRatio="none"
          className="h-40 min-w-0 flex-1 border-y border-border text-primary"
        >
          {days.map((day, place) => (
            <Bar key={day.date} day={day} x={place * barWidth} share={day.created / most} />
          ))}
        </svg>
      </div>
      <div aria-hidden="true" className="mt-1 flex justify-between text-sm text-muted-foreground">
        <span>{dayName(first)}</span>
        <span>{dayName(last)}</span>
      </div>
      <details className="mt-3">
        <summary className="w-fit rounded text-sm text-muted-foreground">Show as a table</summary>
        <DaysTable days={days} />
      </details>
    </figure>
  )
}

type BarProps = { readonly day: DayOfCustomers; readonly x: number; readonly share: number }

/** As wide as its day where the pointer is, so that a low bar can be met as well. */
function Bar({ day, x, share }: BarProps) {
  const tall = day.created === 0 ? 0 : Math.max(2, share * height)
  return (
    <g className="group">
      <title>{`${dayName(day)}: ${figureOf(day)}`}</title>
      <rect
        x={x}
        y={0}
        width={barWidth}
        height={height}
        className="fill-transparent group-hover:fill-muted"
      />
      <rect x={x + gap / 2} y={height - tall} width={barWidth - gap} height={tall} fill="currentColor" />
    </g>
  )
}

function DaysTable({ days }: Props) {
  return (
    <Table className="mt-2 w-auto">
      <TableHeader>
        <TableRow>
          <TableHead scope="col">Day</TableHead>
          <TableHead scope="col" className="text-right">
            New customers
          </TableHead>
        </TableRow>
      </TableHeader>
      <TableBody>
        {days.toReversed().map((day) => (
          <TableRow key={day.date}>
            <TableCell>{dayName(day)}</TableCell>
            <TableCell className="text-right tabular-nums">{figureOf(day)}</TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

/** A count; a plus where counting ended before the things did. */
export function figure(count: number, isMore: boolean): string {
  return `${count.toLocaleString()}${isMore ? '+' : ''}`
}

function figureOf({ created, isMore }: DayOfCustomers): string {
  return figure(created, isMore)
}

/** The day as the reader writes it. The date is one of the reader's zone already. */
function dayName({ date }: DayOfCustomers): string {
  return new Date(`${date}T12:00:00`).toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
}
