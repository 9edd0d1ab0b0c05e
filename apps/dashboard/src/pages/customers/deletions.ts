import type { CustomerDeletion } from '@commet/contract'
import { type QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import { type Environment, useEnvironment } from '../../api/environment.ts'
import { isNotFound, messageOf } from '../../api/failures.ts'
import { callInternal, listInternal } from '../../api/internal.ts'
import { toast } from '../../ui/toast.tsx'

/**
 * Customers that were deleted and can be brought back for a while. The server keeps the list, so it outlives the page and
 * is the same in every tab; what is on it is hidden wherever customers are listed.
 */

const lookEveryMs = 1_000
const mostAtOnce = 1_000
/** As long as it can be taken back, and the moment that the server needs to say that it is over. */
const toastMs = 12_000

type WaitingDeletion = {
  /** The same from the click on. */
  readonly key: string
  /** Undefined until the server has answered. */
  readonly id: string | undefined
  readonly customerIds: readonly string[]
}

const none: readonly WaitingDeletion[] = []
const keyOf = (environment: Environment) => [environment, 'customer-deletions']

/** Deletions that can be taken back, newest first. */
function useWaitingDeletions(): readonly WaitingDeletion[] {
  const environment = useEnvironment()
  const queries = useQueryClient()
  const { data } = useQuery({
    queryKey: keyOf(environment),
    queryFn: ({ signal }) => readWaiting(queries, environment, signal),
    refetchInterval: ({ state }) => (state.data?.length ? lookEveryMs : false),
  })
  return data ?? none
}

/** IDs of the customers that are on their way out. */
export function useHiddenCustomers(): ReadonlySet<string> {
  const waiting = useWaitingDeletions()
  return useMemo(() => new Set(waiting.flatMap(({ customerIds }) => customerIds)), [waiting])
}

/** Who is no longer on the server's list is gone or stays: customers are read again before any of them is shown. */
async function readWaiting(
  queries: QueryClient,
  environment: Environment,
  signal: AbortSignal,
): Promise<readonly WaitingDeletion[]> {
  const query = { limit: 100 }
  const { data } = await listInternal(environment, 'customerDeletions.list', { query, signal })
  const known = queries.getQueryData<readonly WaitingDeletion[]>(keyOf(environment)) ?? none
  const keys = new Map(known.map(({ id, key }) => [id, key]))
  const listed = data.map((one) => waitingOf(one, keys.get(one.id) ?? one.id))
  const stillHidden = new Set(listed.flatMap(({ customerIds }) => customerIds))
  const answered = known.filter(({ id }) => id !== undefined)
  const cameBack = answered.some(({ customerIds }) => customerIds.some((id) => !stillHidden.has(id)))
  if (cameBack) await readCustomersAgain(queries, environment)
  const unanswered = known.filter(({ id }) => id === undefined)
  return [...unanswered, ...listed.filter(({ customerIds }) => customerIds.length > 0)]
}

function waitingOf({ id, customerIds }: CustomerDeletion, key: string): WaitingDeletion {
  return { key, id, customerIds }
}

function readCustomersAgain(queries: QueryClient, environment: Environment): Promise<void> {
  const keys = ['customers', 'customer'].map((name) => [environment, name])
  return Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey }))).then(() => undefined)
}

/** The ID that the server gives, for whoever takes back before it has answered. */
const ids = new Map<string, Promise<string | undefined>>()

/** Deletes customers: they are hidden at once, and back when the server refuses. */
export function useDeleteCustomers(): (ids: readonly string[]) => void {
  const environment = useEnvironment()
  const queries = useQueryClient()
  const { mutate } = useMutation({
    mutationFn: ({ key, customerIds }: WaitingDeletion) => {
      const body = { customerIds: [...customerIds] }
      const answer = callInternal(environment, 'customerDeletions.create', { body })
      const id = answer.then((deletion) => deletion.id)
      ids.set(
        key,
        id.catch(() => undefined),
      )
      return answer
    },
    onMutate: (wish) => change(queries, environment, (waiting) => [wish, ...waiting]),
    onSuccess: (answer, { key }) =>
      change(queries, environment, (waiting) =>
        waiting.map((one) => (one.key === key ? waitingOf(answer, key) : one)),
      ),
    onError: async (error, { key }) => {
      await change(queries, environment, (waiting) => waiting.filter((one) => one.key !== key))
      toast({ message: `Nothing was deleted. ${messageOf(error)}`, tone: 'failure' })
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keyOf(environment) }),
  })
  return (customers) => {
    for (let at = 0; at < customers.length; at += mostAtOnce) {
      const customerIds = customers.slice(at, at + mostAtOnce)
      // crypto.randomUUID is missing on pages served without https, which a self-hosted server may do.
      mutate({ key: `${performance.now()}-${at}`, id: undefined, customerIds })
    }
  }
}

/** Takes a deletion back: its customers are shown at once, and gone again where it was too late. */
function useUndoDeletion(): (deletion: WaitingDeletion) => void {
  const environment = useEnvironment()
  const queries = useQueryClient()
  const { mutate } = useMutation({
    mutationFn: async ({ key, id }: WaitingDeletion) => {
      const known = id ?? (await ids.get(key))
      if (known === undefined) return
      await callInternal(environment, 'customerDeletions.delete', { params: { id: known } })
    },
    onMutate: ({ key }) =>
      change(queries, environment, (waiting) => waiting.filter((one) => one.key !== key)),
    onError: async (error) => {
      const message = isNotFound(error) ? 'Too late: the deletion was carried out.' : messageOf(error)
      toast({ message, tone: 'failure' })
      await readCustomersAgain(queries, environment)
    },
    onSettled: () => queries.invalidateQueries({ queryKey: keyOf(environment) }),
  })
  return mutate
}

async function change(
  queries: QueryClient,
  environment: Environment,
  next: (waiting: readonly WaitingDeletion[]) => readonly WaitingDeletion[],
): Promise<void> {
  await queries.cancelQueries({ queryKey: keyOf(environment) })
  queries.setQueryData<readonly WaitingDeletion[]>(keyOf(environment), (waiting = none) => next(waiting))
}

type Shown = { readonly message: string; readonly dismiss: () => void }

/** One note for each deletion that can be taken back, on whatever page one is, and no longer than it can. */
export function DeletionToasts(): null {
  const waiting = useWaitingDeletions()
  const undo = useUndoDeletion()
  const shown = useRef(new Map<string, Shown>())
  useEffect(() => {
    const wanted = new Map(waiting.map((deletion) => [deletion.key, messageFor(deletion)]))
    for (const [key, { message, dismiss }] of shown.current) {
      if (wanted.get(key) === message) continue
      dismiss()
      shown.current.delete(key)
    }
    for (const deletion of waiting) {
      if (shown.current.has(deletion.key)) continue
      const message = messageFor(deletion)
      const action = { label: 'Undo', run: () => undo(deletion) }
      const dismiss = toast({ message, action, durationMs: toastMs })
      shown.current.set(deletion.key, { message, dismiss })
    }
  }, [waiting, undo])
  return null
}

function messageFor({ customerIds }: WaitingDeletion): string {
  return customerIds.length === 1 ? 'Customer deleted.' : `${customerIds.length} customers deleted.`
}
