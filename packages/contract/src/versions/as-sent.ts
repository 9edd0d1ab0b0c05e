import type { JsonObject } from './version.ts'

/**
 * Some answers hold a part of their request as it was sent. Lifting makes a new object of that part; this remembers the
 * old one for as long as the new one lives.
 */
const originals = new WeakMap<JsonObject, JsonObject>()

/** Notes what `lifted` was made from, and answers it. */
export function rememberSent(lifted: JsonObject, sent: JsonObject): JsonObject {
  if (lifted !== sent) originals.set(lifted, asSent(sent))
  return lifted
}

/** The part of the request that an object was lifted from; the object itself where nothing was changed. */
export function asSent(lifted: JsonObject): JsonObject {
  return originals.get(lifted) ?? lifted
}
