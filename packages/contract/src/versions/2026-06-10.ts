import type { Version } from './version.ts'

/** Moved feature access to a path of its own. Nothing that this server has today changed its shape. */
export const version20260610: Version = {
  date: '2026-06-10',
  notes: ['Feature access is read from /feature-access; /features is the catalog.'],
}
