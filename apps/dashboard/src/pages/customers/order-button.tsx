import { ArrowDown, ArrowUp } from 'lucide-react'
import { Button } from '../../ui/button.tsx'

/** The order of the rows. The head of the column Created says it too, where that is shown. */

type Props = { readonly order: 'asc' | 'desc'; readonly onOrderChange: (order: 'asc' | 'desc') => void }

export function OrderButton({ order, onOrderChange }: Props) {
  const isOldestFirst = order === 'asc'
  const [Icon, now, then] = isOldestFirst
    ? ([ArrowUp, 'Oldest first', 'newest'] as const)
    : ([ArrowDown, 'Newest first', 'oldest'] as const)
  return (
    <Button
      aria-label={`${now}; show the ${then} first`}
      onClick={() => onOrderChange(isOldestFirst ? 'desc' : 'asc')}
    >
      <Icon aria-hidden="true" />
      {now}
    </Button>
  )
}
