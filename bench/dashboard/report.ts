import { median, percentile } from '../statistics.ts'

/** Says how long the steps took, and whether that is short enough. */

export type Step = 'search' | 'open' | 'back'

export type Measured = {
  readonly customers: number
  readonly steps: Readonly<Record<Step, readonly number[]>>
}

const names: Readonly<Record<Step, string>> = {
  search: 'from the last of the search typed to its results',
  open: 'from the click on a customer to their page with its timeline',
  back: 'from going back to the results',
}
const mostMs = 150
const mostRatio = 1.5

export function report(measured: readonly Measured[], circumstances: string, browser: string): string {
  const [small, large] = [measured[0], measured.at(-1)]
  if (small === undefined || large === undefined) throw new Error('Nothing was measured')
  return [
    '## The dashboard in a browser',
    '',
    `${circumstances}, Chromium ${browser}, embedded PostgreSQL, everything on one machine. Measured inside the page, from the event to after the frame that shows it was painted; ${large.steps.search.length} searches of the mix that the benchmark above uses, ${large.steps.open.length} of which find somebody to open. That the search waits a moment for the next key counts. At most ${mostMs} ms at ${large.customers.toLocaleString('en')} customers, and ${mostRatio} × of ${small.customers.toLocaleString('en')}.`,
    '',
    `| p50 / p95 ms | ${measured.map(({ customers }) => `${customers.toLocaleString('en')} customers`).join(' | ')} | ratio of p95 | |`,
    `| --- | ${measured.map(() => '---').join(' | ')} | --- | --- |`,
    ...(Object.keys(names) as Step[]).map((step) => row(step, measured, small, large)),
  ].join('\n')
}

function row(step: Step, measured: readonly Measured[], small: Measured, large: Measured): string {
  const cells = measured.map(
    ({ steps }) => `${median(steps[step]).toFixed(0)} / ${percentile(steps[step], 0.95).toFixed(0)}`,
  )
  const slowest = percentile(large.steps[step], 0.95)
  const ratio = slowest / percentile(small.steps[step], 0.95)
  const met = slowest <= mostMs && ratio <= mostRatio
  return `| ${names[step]} | ${cells.join(' | ')} | ${ratio.toFixed(2)} | ${met ? 'met' : '**missed**'} |`
}
