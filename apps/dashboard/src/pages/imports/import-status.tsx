import type { ImportStatus } from '@commet/contract'
import { Badge } from '../../ui/badge.tsx'

const words = {
  uploaded: { label: 'Uploaded', variant: 'neutral' },
  checking: { label: 'Checking', variant: 'warning' },
  checked: { label: 'Checked', variant: 'neutral' },
  running: { label: 'Importing', variant: 'warning' },
  done: { label: 'Done', variant: 'success' },
  canceled: { label: 'Canceled', variant: 'destructive' },
} as const satisfies Record<ImportStatus, object>

/** Where an import is. */
export function StatusBadge({ status }: { readonly status: ImportStatus }) {
  const { label, variant } = words[status]
  return <Badge variant={variant}>{label}</Badge>
}

/** Whether a worker has something to do for it. */
export function isUnderWay(status: ImportStatus): boolean {
  return status === 'checking' || status === 'running'
}

export function many(count: number, one: string, several = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : several}`
}
