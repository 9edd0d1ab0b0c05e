import { useParams } from '@tanstack/react-router'

export type Environment = 'sandbox' | 'live'

export const environments: readonly Environment[] = ['sandbox', 'live']

/** The one that a page of this one does not show. */
export function otherThan(environment: Environment): Environment {
  return environment === 'sandbox' ? 'live' : 'sandbox'
}

/** The environment of the page: the first part of its address, so two tabs may look at both and never mix them. */
export function useEnvironment(): Environment {
  const { environment } = useParams({ strict: false })
  return environment === 'live' ? 'live' : 'sandbox'
}
