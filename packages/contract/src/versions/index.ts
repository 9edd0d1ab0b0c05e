import { version20260501 } from './2026-05-01.ts'
import { version20260512 } from './2026-05-12.ts'
import { version20260518 } from './2026-05-18.ts'
import { version20260525 } from './2026-05-25.ts'
import { version20260607 } from './2026-06-07.ts'
import { version20260610 } from './2026-06-10.ts'
import { version20260623 } from './2026-06-23.ts'
import { version20260711 } from './2026-07-11.ts'
import { version20260724 } from './2026-07-24.ts'
import { version20260731 } from './2026-07-31.ts'
import type { JsonObject, LoweringContext, RawRequest, Version } from './version.ts'

/** Every version, oldest first. */
export const versions: readonly Version[] = [
  version20260501,
  version20260512,
  version20260518,
  version20260525,
  version20260607,
  version20260610,
  version20260623,
  version20260711,
  version20260724,
  version20260731,
]

/** Served when neither the request nor the organization names a version. */
export const defaultVersion = version20260711.date

export const latestVersion = version20260731.date

export function isVersion(date: string): boolean {
  return versions.some((version) => version.date === date)
}

/** Versions that came after `date`, oldest first: what an old request must be lifted through. */
function after(date: string): readonly Version[] {
  return versions.filter((version) => version.date > date)
}

/** Folds of one version over the newest shape, computed once and reused for every request. */
export type VersionFold = {
  readonly date: string
  up(operationId: string, request: RawRequest): RawRequest
  down(operationId: string, body: JsonObject, context: LoweringContext): JsonObject
  downError(body: JsonObject): JsonObject
  downSchema(operationId: string, schema: JsonObject): JsonObject
  downBodySchema(operationId: string, schema: JsonObject): JsonObject
  downQuerySchema(operationId: string, schema: JsonObject): JsonObject
  downErrorSchema(schema: JsonObject): JsonObject
}

function foldOf(date: string): VersionFold {
  const oldestFirst = after(date)
  const newestFirst = oldestFirst.toReversed()
  const ups = oldestFirst.flatMap((version) => version.up ?? [])
  const downs = newestFirst.flatMap((version) => version.down ?? [])
  const errors = newestFirst.flatMap((version) => version.downError ?? [])
  const schemas = newestFirst.flatMap((version) => version.downSchema ?? [])
  const bodySchemas = newestFirst.flatMap((version) => version.downBodySchema ?? [])
  const querySchemas = newestFirst.flatMap((version) => version.downQuerySchema ?? [])
  const errorSchemas = newestFirst.flatMap((version) => version.downErrorSchema ?? [])
  return {
    date,
    up: (id, request) => ups.reduce((lifted, up) => up(id, lifted), request),
    down: (id, body, context) => downs.reduce((lowered, down) => down(id, lowered, context), body),
    downError: (body) => errors.reduce((lowered, down) => down(lowered), body),
    downSchema: (id, schema) => schemas.reduce((lowered, down) => down(id, lowered), schema),
    downBodySchema: (id, schema) => bodySchemas.reduce((lowered, down) => down(id, lowered), schema),
    downQuerySchema: (id, schema) => querySchemas.reduce((lowered, down) => down(id, lowered), schema),
    downErrorSchema: (schema) => errorSchemas.reduce((lowered, down) => down(lowered), schema),
  }
}

/** The fold of every version, by date. */
export const folds: ReadonlyMap<string, VersionFold> = new Map(
  versions.map(({ date }) => [date, foldOf(date)]),
)
