import type { Reach } from './reach.ts'

/**
 * A connection on which PostgreSQL owes an answer and nothing arrives: the network may have swallowed it, and the system
 * would go on sending for a quarter of an hour. Such a connection is a reason to look whether the database can be reached;
 * it is cut when it cannot, or when it has been silent for longer than any statement may take.
 */

export type Stream = { readonly bytesRead: number; destroy(error: Error): unknown }

export type Silence = {
  /** Told of everything that waits for an answer. */
  owe(answer: Promise<unknown>): void
  /** How many answers are waited for. */
  owed(): number
  /** For how long the next of them has been waited for. */
  owedForMs(): number
}

const lookEveryMs = 2_000

export function watchSilence(
  stream: Stream,
  reach: Pick<Reach, 'isAway' | 'noteLoss'>,
  longestMs: number,
): Silence {
  let owed = 0
  let owedSince = 0
  let timer: NodeJS.Timeout | undefined
  let heard = 0
  let silentSince = 0
  const listen = () => {
    heard = stream.bytesRead
    silentSince = performance.now()
  }
  const look = () => {
    timer = undefined
    if (owed === 0) return
    if (stream.bytesRead !== heard) listen()
    else if (reach.isAway() || performance.now() - silentSince > longestMs)
      return void stream.destroy(new Error('Connection terminated: the database owes an answer'))
    else reach.noteLoss()
    lookAgain()
  }
  const lookAgain = () => {
    timer = setTimeout(look, lookEveryMs).unref()
  }
  const settled = () => {
    owed--
    owedSince = performance.now()
  }
  return {
    owed: () => owed,
    owedForMs: () => (owed === 0 ? 0 : performance.now() - owedSince),
    owe: (answer) => {
      if (owed === 0) owedSince = performance.now()
      owed++
      answer.then(settled, settled)
      if (timer !== undefined) return
      listen()
      lookAgain()
    },
  }
}
