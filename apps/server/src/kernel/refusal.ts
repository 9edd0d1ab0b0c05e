import { type ErrorCode, errors, type FieldError } from '@commet/contract'

/** A declared answer of "no": the request was understood and is not carried out. Thrown by commands and flows. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ErrorCode
  readonly status: number
  readonly param: string | undefined
  readonly details: unknown
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ErrorCode, message: string, extra: RefusalExtra = {}) {
    super(message)
    this.code = code
    this.status = extra.status ?? errors[code].status
    this.param = extra.param
    this.details = extra.details
    this.headers = extra.headers ?? {}
  }
}

export type RefusalExtra = {
  /** Only where HTTP has a narrower status than the code's own (405, 413, 415). */
  readonly status?: number
  readonly param?: string
  readonly details?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Refuses a request because of its fields; all bad fields at once. */
export function refuseFields(fields: readonly FieldError[], status?: number): Refusal {
  const [first] = fields
  const message =
    fields.length === 1 && first !== undefined
      ? sentenceOf(first)
      : `${fields.length} fields are wrong: ${[...new Set(fields.map(({ field }) => field))].join(', ')}.`
  return new Refusal('validation_error', message, {
    details: fields,
    ...(first === undefined ? {} : { param: first.field }),
    ...(status === undefined ? {} : { status }),
  })
}

/** Most messages go on from the field's name; one that starts a sentence of its own stands after a colon. */
function sentenceOf({ field, message }: FieldError): string {
  return /^[A-Z][a-z]/.test(message) ? `${field}: ${message}` : `${field} ${message}`
}
