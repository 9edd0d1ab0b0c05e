import type { Version } from './version.ts'

/** The newest version: the one shape that handlers know. Nothing that this server has today changed with it. */
export const version20260731: Version = {
  date: '2026-07-31',
  notes: ['Markets and offers are resources of their own.'],
}
