import type { Duplex } from 'node:stream'

/**
 * Holds back what is written to a connection until this turn of the event loop ends, and sends it as one. A transaction is
 * several messages, and a system call for each costs more than all else that is done for it.
 */
export function gather(stream: Duplex): void {
  if (stream.writableCorked > 0) return
  stream.cork()
  process.nextTick(() => stream.uncork())
}
