import { databaseErrorFields } from './database-errors.ts'

/** What may be logged of an error. Messages of the database can quote rows, so only their codes are. */
export function describeError(error: unknown): Readonly<Record<string, unknown>> {
  const fields = databaseErrorFields(error)
  if (fields !== undefined) return { error: 'DatabaseError', ...fields, stack: stackOf(error as Error) }
  if (error instanceof Error) return { error: error.name, reason: error.message, stack: stackOf(error) }
  return { error: typeof error }
}

/** The frames of a stack, without the message that heads it. */
function stackOf(error: Error): readonly string[] {
  return (error.stack ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '))
    .slice(0, 12)
}
