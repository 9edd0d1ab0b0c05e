import type { Customer } from '@commet/node'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { RowSelectionState } from '@tanstack/react-table'
import { Download, FileUp, Plus } from 'lucide-react'
import { useEffect, useMemo, useRef, useState } from 'react'
import { clientOf } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.ts'
import { messageOf } from '../../api/failures.ts'
import { usePagesOfList } from '../../api/pages-of-list.ts'
import { AsCode } from '../../snippets/as-code.tsx'
import { Button, buttonVariants } from '../../ui/button.tsx'
import { cn } from '../../ui/cn.ts'
import { Empty } from '../../ui/empty.tsx'
import { Failure } from '../../ui/failure.tsx'
import { useListKeys } from '../../ui/list-keys.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { TypedSearch } from '../../ui/typed-search.tsx'
import { ColumnMenu } from './column-menu.tsx'
import { useColumnChoice } from './customer-columns.tsx'
import { FilterButton, type FilterChange, FiltersInUse } from './customer-filters.tsx'
import { CustomerForm } from './customer-form.tsx'
import { type CustomerSearch, filterOf, isFiltered, readCustomerSearch } from './customer-search.ts'
import { CustomerTable, rowLinkOf } from './customer-table.tsx'
import { useDeleteCustomers, useHiddenCustomers } from './deletions.ts'
import { useExport } from './export.ts'
import { FirstCustomer } from './first-customer.tsx'
import { OrderButton } from './order-button.tsx'
import { SelectionBar } from './selection-bar.tsx'

/** The list. Everything that was chosen is in the address, so that a link or the back button restores it. */

export function CustomersPage() {
  const environment = useEnvironment()
  const chosen = useSearch({ from: '/$environment/customers' })
  const navigate = useNavigate({ from: '/$environment/customers' })
  const [creating, setCreating] = useState(false)
  const columns = useColumnChoice(environment)
  const list = useCustomers(chosen)
  const exporting = useExport()
  const choose = (change: FilterChange, replace = false) =>
    void navigate({ search: (old) => readCustomerSearch({ ...old, ...change }), replace, resetScroll: false })
  const chooseOrder = (order: 'asc' | 'desc') => choose({ order: order === 'asc' ? 'asc' : undefined })
  return (
    <>
      <PageHeader title="Customers">
        <AsCode operation="customers.list" input={inputOf(chosen)} />
        <Link to="/$environment/imports" params={{ environment }} className={buttonVariants()}>
          <FileUp aria-hidden="true" />
          Import
        </Link>
        <Button disabled={exporting.isPending} onClick={() => exporting.mutate({ filter: chosen })}>
          <Download aria-hidden="true" />
          {exporting.isPending ? 'Exporting…' : 'Export'}
        </Button>
        <Button variant="primary" onClick={() => setCreating(true)}>
          <Plus aria-hidden="true" />
          New customer
        </Button>
      </PageHeader>
      <search className="flex flex-wrap gap-2">
        <TypedSearch
          label="Search"
          placeholder="Name, e-mail or ID"
          className="min-w-52 flex-1 max-sm:basis-full"
          value={chosen.search}
          // One step back leaves a search, whatever was typed on the way.
          onTyped={(search) => choose({ search }, chosen.search !== undefined)}
        />
        <FilterButton chosen={chosen} onChoose={choose} />
        <ColumnMenu {...columns} />
        {!columns.chosen.includes('createdAt') && (
          <OrderButton order={chosen.order ?? 'desc'} onOrderChange={chooseOrder} />
        )}
      </search>
      <FiltersInUse chosen={chosen} onChoose={choose} />
      {list.isError && (
        <div className="mt-4">
          <Failure>{messageOf(list.error)}</Failure>
        </div>
      )}
      <CustomerList
        key={environment}
        list={list}
        chosen={chosen}
        columns={columns.chosen}
        onOrderChange={chooseOrder}
      />
      {creating && (
        <CustomerForm
          onClose={() => setCreating(false)}
          onSaved={({ id }) => {
            setCreating(false)
            void navigate({ to: '/$environment/customers/$id', params: { environment, id } })
          }}
        />
      )}
    </>
  )
}

/** The page that is shown, as a program asks for it. */
function inputOf(chosen: CustomerSearch) {
  const { createdAfter, createdBefore, ...filter } = filterOf(chosen)
  const dates = { createdAfter: createdAfter?.toISOString(), createdBefore: createdBefore?.toISOString() }
  return { limit: pageRows, ...filter, ...dates }
}

type ListProps = {
  readonly list: ReturnType<typeof useCustomers>
  readonly chosen: CustomerSearch
  readonly columns: readonly string[]
  readonly onOrderChange: (order: 'asc' | 'desc') => void
}

function CustomerList({ list, chosen, columns, onOrderChange }: ListProps) {
  const table = useRef<HTMLTableElement>(null)
  const { customers } = list
  const [selection, setSelection] = useSelection(chosen)
  const selected = customers.filter(({ id }) => selection[id] === true).map(({ id }) => id)
  const remove = useDeleteCustomers()
  const exporting = useExport()
  useListKeys(table)
  const removeSelected = () => {
    focusRowAfter(customers, (id) => selection[id] === true)
    remove(selected)
    setSelection({})
  }
  return (
    <>
      <p role="status" className="sr-only">
        {statusOf(list, customers.length, selected.length)}
      </p>
      <div className="mt-4" aria-busy={list.isFetching}>
        {list.isPending && <Loading />}
        {customers.length > 0 && (
          <div
            className={cn('motion-safe:transition-opacity', list.isPlaceholderData && 'opacity-60 delay-150')}
          >
            <CustomerTable
              list={table}
              customers={customers}
              columns={columns}
              selection={selection}
              onSelectionChange={setSelection}
              order={chosen.order ?? 'desc'}
              onOrderChange={onOrderChange}
            />
          </div>
        )}
        {list.isSuccess && customers.length === 0 && !list.hasNextPage && (
          <Nothing chosen={chosen} isFirst={list.items.length === 0} />
        )}
        <MoreRows list={list} />
        {selected.length > 0 && (
          <SelectionBar
            many={selected.length}
            isExporting={exporting.isPending}
            onDelete={removeSelected}
            onExport={() => exporting.mutate({ ids: selected, order: chosen.order })}
            onClear={() => setSelection({})}
          />
        )}
      </div>
    </>
  )
}

const lookForFirstEveryMs = 2_000
const pageRows = 50

function useCustomers(chosen: CustomerSearch) {
  const environment = useEnvironment()
  const hidden = useHiddenCustomers()
  const query = usePagesOfList(
    [environment, 'customers', chosen],
    (cursor, signal) =>
      clientOf(environment).customers.list({ limit: pageRows, cursor, ...filterOf(chosen) }, { signal }),
    // The first customer appears by itself.
    { refetchEveryMs: (rows) => (rows === 0 && !isFiltered(chosen) ? lookForFirstEveryMs : undefined) },
  )
  const { data } = query
  const customers = useMemo(
    () => (data?.pages ?? []).flatMap((page) => page.data).filter(({ id }) => !hidden.has(id)),
    [data, hidden],
  )
  return { ...query, customers }
}

/** Which rows are selected; none after another choice of rows. */
function useSelection(chosen: CustomerSearch) {
  const choice = JSON.stringify(chosen)
  const [selectedFor, setSelectedFor] = useState(choice)
  const [selection, setSelection] = useState<RowSelectionState>({})
  if (selectedFor !== choice) {
    setSelectedFor(choice)
    setSelection({})
  }
  return [selection, setSelection] as const
}

/** Whoever works by keyboard goes on with the row that follows those that go. */
function focusRowAfter(customers: readonly Customer[], goes: (id: string) => boolean): void {
  const first = customers.findIndex(({ id }) => goes(id))
  const stays = ({ id }: Customer) => !goes(id)
  const next = customers.slice(first).find(stays) ?? customers.slice(0, first).findLast(stays)
  if (next !== undefined) rowLinkOf(next.id)?.focus({ preventScroll: true })
}

function statusOf(list: ListProps['list'], rows: number, selected: number): string {
  if (list.isPending) return 'Loading customers'
  if (!list.isSuccess || list.isPlaceholderData) return ''
  const shown = `${rows}${list.hasNextPage ? ' or more' : ''} ${rows === 1 ? 'customer' : 'customers'}`
  return selected === 0 ? shown : `${shown}, ${selected} selected`
}

/** Pages that come by themselves as one scrolls; then somebody has to want more, or the end could not be reached. */
const pagesByThemselves = 10

function MoreRows({ list }: Pick<ListProps, 'list'>) {
  const end = useRef<HTMLDivElement>(null)
  const { hasNextPage, isFetching, fetchNextPage, isError } = list
  const byItself = (list.data?.pages.length ?? 0) % pagesByThemselves !== 0
  useEffect(() => {
    const element = end.current
    if (element === null || !hasNextPage || !byItself || isFetching || isError) return
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void fetchNextPage()
      },
      { rootMargin: '600px' },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [hasNextPage, byItself, isFetching, isError, fetchNextPage])
  if (!hasNextPage) return null
  return (
    <div ref={end} className="mt-4">
      <Button disabled={list.isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {list.isFetchingNextPage ? 'Loading…' : 'Show more'}
      </Button>
    </div>
  )
}

function Nothing({ chosen, isFirst }: { readonly chosen: CustomerSearch; readonly isFirst: boolean }) {
  if (!isFiltered(chosen)) return isFirst ? <FirstCustomer /> : <Empty title="All customers are deleted." />
  return <Empty title="No customer matches. Clear a filter to see more." />
}

const placeholders = [1, 2, 3, 4, 5, 6, 7, 8]

function Loading() {
  return (
    <div className="mt-6 grid gap-5">
      {placeholders.map((row) => (
        <Skeleton key={row} />
      ))}
    </div>
  )
}
