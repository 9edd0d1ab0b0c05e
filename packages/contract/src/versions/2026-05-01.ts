import type { Version } from './version.ts'

/** The first dated version: the oldest that can be asked for. */
export const version20260501: Version = {
  date: '2026-05-01',
  notes: ['Versioned paths under /api/v1 and the commet-version header.'],
}
