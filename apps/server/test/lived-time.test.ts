import { watchLivedTime } from '@commet/server/worker/lived-time'
import { expect, test } from 'vitest'

/** What has to be kept for a day is kept for a day that was lived, whatever the clock of the machine does. */

const hourMs = 3_600_000
const start = Date.UTC(2026, 10, 24)

function timeLived() {
  let clock = start
  let steady = 0
  const lived = watchLivedTime(24 * hourMs, { clock: () => clock, steady: () => steady })
  return {
    hoursByTheClock: () => (lived.now().getTime() - start) / hourMs,
    live: (hours: number) => {
      for (let minute = 0; minute < hours * 60; minute++) {
        clock += 60_000
        steady += 60_000
        lived.now()
      }
    },
    jump: (hours: number) => {
      clock += hours * hourMs
    },
  }
}

test('without a jump it is the time by the clock', () => {
  const time = timeLived()
  time.live(30)
  expect(time.hoursByTheClock()).toBe(30)
})

test('a jump ahead makes nothing older until a day was lived since', () => {
  const time = timeLived()
  time.live(3)
  time.jump(700)
  expect(time.hoursByTheClock()).toBe(3)
  time.live(23)
  expect(time.hoursByTheClock()).toBe(26)
  time.live(1)
  expect(time.hoursByTheClock()).toBe(727)
})

test('several jumps ahead count together, each for a day', () => {
  const time = timeLived()
  time.jump(10)
  expect(time.hoursByTheClock()).toBe(0)
  time.live(12)
  time.jump(10)
  expect(time.hoursByTheClock()).toBe(12)
  time.live(12)
  expect(time.hoursByTheClock()).toBe(34)
})

test('a jump back makes things younger at once, and a small correction is no jump', () => {
  const time = timeLived()
  time.jump(-5)
  expect(time.hoursByTheClock()).toBe(-5)
  time.jump(30 / 3600)
  expect(time.hoursByTheClock()).toBeCloseTo(-5 + 30 / 3600)
})
