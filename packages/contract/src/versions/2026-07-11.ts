import type { Version } from './version.ts'

/** The version served to callers that name none. No answer of this server changed its shape with it. */
export const version20260711: Version = {
  date: '2026-07-11',
  notes: ['Amounts that have no honest value are null.', 'The default version.'],
}
