import { z } from 'zod'

/**
 * Building blocks of fields. Lengths count UTF-16 units, as the published limits do.
 * Messages say what to send; the server adds the field's name.
 */

/** A required or optional single string, at most `max` long and not empty. */
export function text(max: number) {
  return z.string().min(1, 'must not be empty').max(max, `must be at most ${max} characters`)
}

/** An e-mail address as HTML forms accept it, at most 200 characters. */
export const email = z
  .email({ pattern: z.regexes.html5Email, error: 'Invalid email format' })
  .max(200, 'must be at most 200 characters')
  .meta({ examples: ['billing@example.com'] })

/** An instant in ISO 8601, answered in UTC with milliseconds. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an ISO 8601 date and time, such as 2026-07-11T09:30:00.000Z' })
  .meta({ examples: ['2026-07-11T09:30:00.000Z'] })
