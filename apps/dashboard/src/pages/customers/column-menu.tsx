import { Columns3 } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import {
  DropdownMenu,
  DropdownMenuCheckboxItem,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '../../ui/dropdown-menu.tsx'
import { type ColumnChoice, customerColumns } from './customer-columns.tsx'

/** Which columns the list shows. The menu stays open: whoever chooses one, chooses several. */
export function ColumnMenu({ chosen, choose, reset }: ColumnChoice) {
  const toggle = (id: string, shown: boolean) =>
    choose(
      customerColumns.map((column) => column.id).filter((one) => (one === id ? shown : chosen.includes(one))),
    )
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button>
          <Columns3 aria-hidden="true" />
          Columns
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end">
        {customerColumns.map(({ id, label }) => (
          <DropdownMenuCheckboxItem
            key={id}
            checked={chosen.includes(id)}
            onCheckedChange={(shown) => toggle(id, shown)}
            onSelect={(event) => event.preventDefault()}
          >
            {label}
          </DropdownMenuCheckboxItem>
        ))}
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={reset}>Back to the usual columns</DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
