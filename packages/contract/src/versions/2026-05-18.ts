import type { Version } from './version.ts'

/** Renamed values of features and seats. Nothing that this server has today changed its shape. */
export const version20260518: Version = {
  date: '2026-05-18',
  notes: ['Feature type metered is named usage; seatType is named featureCode.'],
}
