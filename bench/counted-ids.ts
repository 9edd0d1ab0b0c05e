let counted = 0

/**
 * An ID of the bare servers. It sorts by creation, as ours do: neighbours share index pages and all but the last letters, which is
 * the least that a new ID costs.
 */
export function countedId(prefix: string): string {
  const time = Date.now().toString(16).padStart(14, '0')
  return prefix + time + (counted++).toString(16).padStart(12, '0')
}
