import type { Version } from './version.ts'

/** Typed webhook events. No answer changed its shape. */
export const version20260623: Version = {
  date: '2026-06-23',
  notes: ['Webhook events are typed.'],
}
