// Loaded into a server under test: its clock is shifted by what the file of FAULT_CLOCK_FILE says, in milliseconds.
import { readFileSync } from 'node:fs'

const RealDate = Date
const file = process.env.FAULT_CLOCK_FILE
const readEveryMs = 10
let offset = 0
let readAt = Number.NEGATIVE_INFINITY

function shiftedNow() {
  if (performance.now() - readAt > readEveryMs) {
    readAt = performance.now()
    offset = Number(readFileSync(file, 'utf8')) || offset
  }
  return RealDate.now() + offset
}

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(shiftedNow())
    else super(...given)
  }

  static now() {
    return shiftedNow()
  }
}
