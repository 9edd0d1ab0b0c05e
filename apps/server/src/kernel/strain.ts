import type { Log } from './log.ts'

/**
 * Troubles of a database that answers: its disk is full, statements take too long, no connection becomes free. Each is told
 * once when it begins and once when it is over, not once for every request that meets it; those are in the log of requests.
 */

export type Trouble = 'full' | 'slow' | 'busy'

export type Strain = {
  failed(trouble: Trouble): void
  /** Told of every commit: a trouble is over when one went through and nothing failed by it for a while. */
  committed(): void
}

const sentences: Readonly<Record<Trouble, { readonly begin: string; readonly end: string }>> = {
  full: {
    begin: 'the disk of the database is full; writes fail until there is room',
    end: 'the database writes again; its disk has room',
  },
  slow: {
    begin: 'statements take the database too long; the requests that wait for them fail',
    end: 'the database carries out statements in time again',
  },
  busy: {
    begin: 'no connection to the database became free in time; the requests that wait for one fail',
    end: 'connections to the database become free in time again',
  },
}

type Course = {
  readonly began: number
  requests: number
  lastAt: number
  end: NodeJS.Timeout | undefined
}

/** `quietMs` says for how long nothing may have failed by a trouble for it to be over. */
export function watchStrain(log: Log | undefined, quietMs: Readonly<Record<Trouble, number>>): Strain {
  const courses = new Map<Trouble, Course>()
  const end = (trouble: Trouble, { began, requests, lastAt }: Course) => {
    courses.delete(trouble)
    const seconds = Math.round((lastAt - began) / 100) / 10
    log?.warn({ seconds, requests }, sentences[trouble].end)
  }
  return {
    failed: (trouble) => {
      const now = performance.now()
      const course = courses.get(trouble)
      if (course === undefined) {
        courses.set(trouble, { began: now, requests: 1, lastAt: now, end: undefined })
        log?.error({}, sentences[trouble].begin)
        return
      }
      course.requests++
      course.lastAt = now
      clearTimeout(course.end)
      course.end = undefined
    },
    committed: () => {
      for (const [trouble, course] of courses) {
        const waitMs = course.lastAt + quietMs[trouble] - performance.now()
        course.end ??= setTimeout(() => end(trouble, course), waitMs).unref()
      }
    },
  }
}
