/** Stops the work when something that cannot be is. The message is for the log; callers see internal_error. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${message}`)
}
