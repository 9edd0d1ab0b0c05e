import {
  commonErrors,
  type ErrorCode,
  errors,
  isWrite,
  type OperationShape,
  writeErrors,
} from '@commet/contract'

/** What follows from an operation's declaration and is not written in it. */

/** `customers` of `customers.create`. */
export function resourceOf({ id }: OperationShape): string {
  return id.slice(0, id.indexOf('.'))
}

/** `create` of `customers.create`. */
export function actionOf({ id }: OperationShape): string {
  return id.slice(id.indexOf('.') + 1)
}

/** Every code the operation can answer with, by status. */
export function errorsByStatus(operation: OperationShape): ReadonlyMap<number, readonly ErrorCode[]> {
  const byStatus = new Map<number, ErrorCode[]>()
  for (const code of errorsOf(operation)) {
    const { status } = errors[code]
    byStatus.set(status, [...(byStatus.get(status) ?? []), code])
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b))
}

export function errorsOf(operation: OperationShape): readonly ErrorCode[] {
  const ofWrites = writeErrors.filter((code) => code !== 'invalid_json' || operation.body !== undefined)
  const codes: readonly ErrorCode[] = [
    ...commonErrors,
    ...(isWrite(operation) ? ofWrites : []),
    ...operation.errors,
    // A parameter that is empty or holds a slash makes the address of nothing.
    ...(operation.params === undefined ? [] : (['not_found'] as const)),
  ]
  return [...new Set(codes)]
}
