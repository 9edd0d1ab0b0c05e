import type { CreateCustomerParams, Customer, UpdateCustomerFields } from '@commet/node'
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { clientOf } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.ts'
import { isAway, messageOf } from '../../api/failures.ts'
import { toast } from '../../ui/toast.tsx'

/**
 * Creates a customer, or changes one. A change shows at once, in the page and in the lists, and is taken back where the
 * server does not agree. What may have been done already is sent again under its old idempotency key.
 */

export type Saving =
  | { readonly kind: 'create'; readonly input: CreateCustomerParams }
  | { readonly kind: 'update'; readonly customer: Customer; readonly input: UpdateCustomerFields }

/** The user ID belongs to somebody, so that nothing was created. */
export class UserIdTaken extends Error {
  readonly holder: Customer

  constructor(holder: Customer) {
    super(`This user ID belongs to ${holder.fullName ?? holder.email}.`)
    this.holder = holder
  }
}

export function useSaveCustomer(onSaved: (customer: Customer) => void) {
  const environment = useEnvironment()
  const queries = useQueryClient()
  const keyFor = useAttemptKeys()
  const isDrawn = useIsDrawn()
  return useMutation({
    mutationFn: (saving: Saving) => send(environment, saving, keyFor.next(saving)),
    onMutate: (saving) => (saving.kind === 'update' ? showChange(queries, environment, saving) : undefined),
    onSuccess: async (saved) => {
      queries.setQueryData([environment, 'customer', saved.id], saved)
      onSaved(saved)
    },
    onError: (error, { kind }, takeBack) => {
      keyFor.failed(error)
      takeBack?.()
      if (isDrawn.current) return
      const what = kind === 'create' ? 'The customer was not created.' : 'The change was taken back.'
      toast({ message: `${what} ${messageOf(error)}`, tone: 'failure' })
    },
    onSettled: (saved) =>
      Promise.all([
        queries.invalidateQueries({ queryKey: [environment, 'customers'] }),
        saved === undefined
          ? undefined
          : queries.invalidateQueries({ queryKey: [environment, 'customer', saved.id] }),
      ]),
  })
}

/** Whether the form is still there to show what went wrong. */
function useIsDrawn() {
  const isDrawn = useRef(true)
  useEffect(() => {
    isDrawn.current = true
    return () => {
      isDrawn.current = false
    }
  }, [])
  return isDrawn
}

async function send(environment: Environment, saving: Saving, idempotencyKey: string): Promise<Customer> {
  const { customers } = clientOf(environment)
  if (saving.kind === 'update') {
    const { customer, input } = saving
    return (await customers.update({ id: customer.id, ...input }, { idempotencyKey })).data
  }
  const { data, statusCode } = await customers.create(saving.input, { idempotencyKey })
  if (statusCode === 200) throw new UserIdTaken(data)
  return data
}

type Rows = readonly Customer[]
/** Lists that grow are cached page by page, what the command palette found as rows. */
type CachedList = Rows | { readonly pages: readonly { readonly data: Rows }[] }

/** Answers what takes the change back. */
async function showChange(
  queries: QueryClient,
  environment: Environment,
  { customer, input }: Saving & { readonly kind: 'update' },
): Promise<() => void> {
  const changed = { ...customer, ...believable(input) } as Customer
  const one = [environment, 'customer', customer.id]
  const lists = { queryKey: [environment, 'customers'] }
  await Promise.all([queries.cancelQueries({ queryKey: one }), queries.cancelQueries(lists)])
  const before = [...queries.getQueriesData({ queryKey: one }), ...queries.getQueriesData(lists)]
  queries.setQueryData(one, changed)
  queries.setQueriesData<CachedList>(lists, (cached) => cached && withChanged(cached, changed))
  return () => {
    for (const [key, cached] of before) queries.setQueryData(key, cached)
  }
}

/** Without half an address, which the server will refuse and no page can show. */
function believable({ address, ...others }: UpdateCustomerFields): UpdateCustomerFields {
  const needed =
    address === undefined || address === null ? [] : (['line1', 'city', 'postalCode', 'country'] as const)
  const isWhole = needed.every((name) => address?.[name] !== undefined)
  return isWhole && address !== undefined ? { ...others, address } : others
}

function withChanged(cached: CachedList, changed: Customer): CachedList {
  const among = (rows: Rows) => rows.map((customer) => (customer.id === changed.id ? changed : customer))
  if (!('pages' in cached)) return among(cached)
  return { ...cached, pages: cached.pages.map((page) => ({ ...page, data: among(page.data) })) }
}

/** A key for each attempt; the same again where the one before may have reached the server, and nothing was changed since. */
function useAttemptKeys() {
  const last = useRef<{ content: string; key: string; isUnknown: boolean }>(undefined)
  return {
    next: ({ input }: Saving) => {
      const content = JSON.stringify(input)
      const again = last.current?.isUnknown === true && last.current.content === content
      const key = again && last.current !== undefined ? last.current.key : newKey()
      last.current = { content, key, isUnknown: false }
      return key
    },
    failed: (error: unknown) => {
      if (last.current !== undefined) last.current.isUnknown = isAway(error)
    },
  }
}

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return `dashboard-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
