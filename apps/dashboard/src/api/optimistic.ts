import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from '../ui/toast.tsx'
import { messageOf } from './failures.ts'

type Optimistic<Input, Answer, Cached> = {
  /** What the change shows in: every query whose key begins like this. */
  readonly queryKey: QueryKey
  readonly mutationFn: (input: Input) => Promise<Answer>
  /** What is cached once the server has agreed. */
  readonly apply: (cached: Cached, input: Input) => Cached
  /** How the message begins when it did not work, such as "The role was not changed." */
  readonly failure: string
}

/** A change that shows at once, and is taken back with a message where the server does not agree. */
export function useOptimisticMutation<Input, Answer, Cached>(change: Optimistic<Input, Answer, Cached>) {
  const queries = useQueryClient()
  const { queryKey, mutationFn, apply, failure } = change
  return useMutation({
    mutationFn,
    onMutate: async (input: Input) => {
      await queries.cancelQueries({ queryKey })
      const before = queries.getQueriesData<Cached>({ queryKey })
      queries.setQueriesData<Cached>({ queryKey }, (cached) =>
        cached === undefined ? undefined : apply(cached, input),
      )
      return before
    },
    onError: (error, _, before) => {
      for (const [key, cached] of before ?? []) queries.setQueryData(key, cached)
      toast({ message: `${failure} ${messageOf(error)}`, tone: 'failure' })
    },
    onSettled: () => queries.invalidateQueries({ queryKey }),
  })
}
