import { useQuery } from '@tanstack/react-query'
import type { Environment } from './environment.ts'
import { callInternal } from './internal.ts'

const refreshMs = 60_000

/** What holds in an environment: its clock and its API version. */
export function useEnvironmentSettings(environment: Environment) {
  return useQuery({
    queryKey: [environment, 'environment'],
    queryFn: ({ signal }) => callInternal(environment, 'environment.get', { signal }),
    refetchInterval: refreshMs,
  })
}
