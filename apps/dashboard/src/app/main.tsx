import './style.css'
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { isSignedOut } from '../api/failures.ts'
import { onReturn } from '../api/reach.ts'
import { Questions } from '../ui/ask.tsx'
import { Toasts } from '../ui/toast.tsx'
import { AwayBanner } from './away-banner.tsx'
import { router } from './router.tsx'

/** Whoever was signed out elsewhere learns it from any call: the session is asked again, and the page of signing in comes. */
function onError(error: Error): void {
  if (!isSignedOut(error)) return
  void queries.invalidateQueries({
    predicate: ({ queryKey, state }) => queryKey[1] === 'session' && !isSignedOut(state.error),
  })
}

const queries: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError }),
  mutationCache: new MutationCache({ onError }),
  // Whether the machine is online says nothing about a server that may run on it.
  defaultOptions: {
    queries: { retry: false, staleTime: 2_000, networkMode: 'always' },
    mutations: { networkMode: 'always' },
  },
})
onReturn(() => void queries.invalidateQueries())

const place = document.getElementById('root')
if (place !== null) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <AwayBanner />
        <RouterProvider router={router} />
        <Toasts />
        <Questions />
      </QueryClientProvider>
    </StrictMode>,
  )
}
