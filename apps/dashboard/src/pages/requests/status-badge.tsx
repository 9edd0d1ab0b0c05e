import { Badge } from '../../ui/badge.tsx'

/** How a request ended. */
export function StatusBadge({ status }: { readonly status: number }) {
  const variant = status < 300 ? 'success' : status < 500 ? 'warning' : 'destructive'
  return (
    <Badge variant={variant} className="tabular-nums">
      {status}
    </Badge>
  )
}
