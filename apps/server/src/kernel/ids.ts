import { randomBytes } from 'node:crypto'
import { type IdKind, idPrefixes } from '@commet/contract'

/**
 * IDs: a prefix, 48 bits of milliseconds and 80 bits that are random at first and counted up within a millisecond.
 * In base 32 they sort by creation, also within one process and millisecond.
 */

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const timeLength = 10
const tailLength = 16

let lastTime = 0
let lastTail = new Uint8Array(tailLength)

/** Makes a new ID, such as `cus_01k0a2b3c4d5e6f7g8h9jkmnpq`. */
export function newId(kind: IdKind): string {
  const now = Date.now()
  if (now > lastTime) {
    lastTime = now
    lastTail = randomTail()
  } else {
    increment(lastTail)
  }
  return idPrefixes[kind] + encodeTime(lastTime) + encodeTail(lastTail)
}

function randomTail(): Uint8Array<ArrayBuffer> {
  const tail = new Uint8Array(randomBytes(tailLength))
  for (let i = 0; i < tailLength; i++) tail[i] = (tail[i] ?? 0) & 31
  return tail
}

function increment(tail: Uint8Array): void {
  for (let i = tailLength - 1; i >= 0; i--) {
    const next = (tail[i] ?? 0) + 1
    tail[i] = next & 31
    if (next < 32) return
  }
}

function encodeTime(milliseconds: number): string {
  let rest = milliseconds
  let text = ''
  for (let i = 0; i < timeLength; i++) {
    text = alphabet[rest % 32] + text
    rest = Math.floor(rest / 32)
  }
  return text
}

function encodeTail(tail: Uint8Array): string {
  let text = ''
  for (const five of tail) text += alphabet[five]
  return text
}
