import type { Customer } from '@commet/node'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import {
  columnVisibilityFeature,
  createColumnHelper,
  type RowSelectionState,
  rowSelectionFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type Dispatch, type MouseEvent, memo, type RefObject, type SetStateAction, useMemo } from 'react'
import { type Environment, useEnvironment } from '../../api/environment.ts'
import { cn } from '../../ui/cn.ts'
import { Checkbox } from '../../ui/field.tsx'
import { listItem } from '../../ui/list-keys.ts'
import { useShortcuts } from '../../ui/shortcuts.ts'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../../ui/table.tsx'
import { customerColumns } from './customer-columns.tsx'

/** The rows. A row is a link, so the browser opens it as it opens any: here, in a new tab, or by keyboard. */

type Props = {
  readonly customers: readonly Customer[]
  readonly columns: readonly string[]
  readonly selection: RowSelectionState
  readonly onSelectionChange: Dispatch<SetStateAction<RowSelectionState>>
  readonly order: 'asc' | 'desc'
  readonly onOrderChange: (order: 'asc' | 'desc') => void
  readonly list: RefObject<HTMLTableElement | null>
}

const features = tableFeatures({ columnVisibilityFeature, rowSelectionFeature })
const helper = createColumnHelper<typeof features, Customer>()
const columnDefs = helper.columns(
  customerColumns.map(({ id, label }) => helper.display({ id, header: label })),
)

export function CustomerTable({ customers, columns, selection, onSelectionChange, ...props }: Props) {
  const data = useMemo(() => [...customers], [customers])
  const columnVisibility = useMemo(
    () => Object.fromEntries(customerColumns.map(({ id }) => [id, columns.includes(id)])),
    [columns],
  )
  const table = useTable({
    features,
    columns: columnDefs,
    data,
    getRowId: ({ id }) => id,
    state: { columnVisibility, rowSelection: selection },
    onRowSelectionChange: onSelectionChange,
  })
  const environment = useEnvironment()
  useShortcuts([{ key: 'x', does: 'Select the row', run: selectFocusedRow }])
  return (
    <Table ref={props.list} className="min-w-max table-fixed [--column:0.64rem] sm:[--column:1rem]">
      <Columns shown={columns} />
      <TableHeader>
        <TableRow>
          <TableHead className="p-0 align-top">
            <SelectAll
              all={table.getIsAllRowsSelected()}
              some={table.getIsSomeRowsSelected()}
              onToggle={() => table.toggleAllRowsSelected()}
            />
          </TableHead>
          <TableHead>Name</TableHead>
          {table
            .getVisibleLeafColumns()
            .map(({ id, columnDef }) =>
              id === 'createdAt' ? (
                <CreatedHead key={id} order={props.order} onOrderChange={props.onOrderChange} />
              ) : (
                <TableHead key={id}>{String(columnDef.header)}</TableHead>
              ),
            )}
        </TableRow>
      </TableHeader>
      <TableBody>
        {table.getRowModel().rows.map((row) => (
          <CustomerRow
            key={row.id}
            customer={row.original}
            columns={columns}
            environment={environment}
            isSelected={selection[row.id] === true}
            onToggle={(id, click) => table.getRow(id).getToggleSelectedHandler()(click)}
          />
        ))}
      </TableBody>
    </Table>
  )
}

/** The columns by their widths, which do not follow what is in them. */
function Columns({ shown }: { readonly shown: readonly string[] }) {
  return (
    <colgroup>
      <col className="w-9" />
      <col style={widthOf(nameRem)} />
      {customerColumns
        .filter(({ id }) => shown.includes(id))
        .map(({ id, rem }) => (
          <col key={id} style={widthOf(rem)} />
        ))}
    </colgroup>
  )
}

const nameRem = 13

function widthOf(rem: number) {
  return { width: `calc(${rem} * var(--column))` }
}

const selectBox = 'flex min-h-10 items-center pr-3 pl-2 select-none'

type SelectAllProps = { readonly all: boolean; readonly some: boolean; readonly onToggle: () => void }

function SelectAll({ all, some, onToggle }: SelectAllProps) {
  return (
    <label htmlFor="select-all" className={selectBox}>
      <span className="sr-only">Select all that are shown</span>
      <Checkbox
        id="select-all"
        ref={(box) => {
          if (box !== null) box.indeterminate = some && !all
        }}
        checked={all}
        onChange={onToggle}
      />
    </label>
  )
}

function CreatedHead({ order, onOrderChange }: Pick<Props, 'order' | 'onOrderChange'>) {
  const Icon = order === 'asc' ? ArrowUp : ArrowDown
  return (
    <TableHead aria-sort={order === 'asc' ? 'ascending' : 'descending'}>
      <button
        type="button"
        className="flex items-center gap-1 hover:text-foreground [&_svg]:size-4"
        onClick={() => onOrderChange(order === 'asc' ? 'desc' : 'asc')}
      >
        Created
        <Icon aria-hidden="true" />
      </button>
    </TableHead>
  )
}

type RowProps = {
  readonly customer: Customer
  readonly columns: readonly string[]
  readonly environment: Environment
  readonly isSelected: boolean
  /** Looks the row up when it is asked: one that was drawn long ago may call it. */
  readonly onToggle: (id: string, click: MouseEvent) => void
}

/** Drawn again where it changed itself: choosing one of a thousand rows draws one. */
const CustomerRow = memo(
  ({ customer, columns, environment, isSelected, onToggle }: RowProps) => {
    const queries = useQueryClient()
    const name = customer.fullName ?? customer.email
    // What the list knows is what the page shows first, while it asks for the newest.
    const seed = () =>
      queries.setQueryData<Customer>([environment, 'customer', customer.id], (known) => known ?? customer, {
        updatedAt: 0,
      })
    return (
      <TableRow className={cn('relative hover:bg-muted focus-within:bg-muted', isSelected && 'bg-muted')}>
        <TableCell className="relative z-10 p-0 align-top">
          <label htmlFor={`select-${customer.id}`} className={selectBox}>
            <span className="sr-only">Select {name}</span>
            <Checkbox
              id={`select-${customer.id}`}
              checked={isSelected}
              onChange={ignore}
              onClick={(click) => onToggle(customer.id, click)}
            />
          </label>
        </TableCell>
        <TableCell>
          <Link
            to="/$environment/customers/$id"
            params={{ environment, id: customer.id }}
            className="font-medium wrap-anywhere after:absolute after:inset-0"
            onClick={seed}
            id={`open-${customer.id}`}
            {...listItem}
          >
            {name}
          </Link>
        </TableCell>
        {customerColumns
          .filter(({ id }) => columns.includes(id))
          .map(({ id, cell, hasTitle }) => (
            <TableCell key={id} className="wrap-anywhere">
              {hasTitle ? (
                <Link
                  to="/$environment/customers/$id"
                  params={{ environment, id: customer.id }}
                  className="relative z-10"
                  onClick={seed}
                  tabIndex={-1}
                >
                  {cell(customer)}
                </Link>
              ) : (
                cell(customer)
              )}
            </TableCell>
          ))}
      </TableRow>
    )
  },
  (before, after) =>
    before.customer === after.customer &&
    before.columns === after.columns &&
    before.environment === after.environment &&
    before.isSelected === after.isSelected,
)

function selectFocusedRow(): void {
  const box = document.activeElement?.closest('tbody tr')?.querySelector('input[type=checkbox]')
  if (box instanceof HTMLInputElement) box.click()
}

/** The link of a row that is drawn. */
export function rowLinkOf(id: string): HTMLElement | null {
  return document.getElementById(`open-${id}`)
}

/** The click says it, and knows whether Shift was held. */
function ignore(): void {}
