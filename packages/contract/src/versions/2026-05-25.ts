import type { JsonObject, Version } from './version.ts'

/** Errors moved into an object of their own; before, code and message stood at the top of the body. */
export const version20260525: Version = {
  date: '2026-05-25',
  notes: ['Errors are nested under error, with type, param and doc_url.'],
  downError: flatten,
  downErrorSchema: () => ({
    type: 'object',
    properties: {
      success: { const: false },
      code: { type: 'string' },
      message: { type: 'string' },
      details: {},
    },
    required: ['success', 'code', 'message'],
    additionalProperties: false,
  }),
}

function flatten(body: JsonObject): JsonObject {
  const { code, message, details } = body.error as JsonObject
  return { success: false, code, message, ...(details === undefined ? {} : { details }) }
}
