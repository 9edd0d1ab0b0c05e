import './style.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import {
  createRootRoute,
  createRoute,
  createRouter,
  notFound,
  Outlet,
  RouterProvider,
  redirect,
} from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiKeysPage } from './api-keys.tsx'
import { CustomerPage } from './customer.tsx'
import { CustomersPage, readCustomerSearch } from './customers.tsx'
import { AcceptPage, SignInPage } from './entry.tsx'
import { Shell } from './shell.tsx'

/** The pages and their addresses. Every page of an environment says which in its address. */

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: () => <main className="p-6">There is nothing at this address.</main>,
})

const toCustomers = (environment: string) =>
  redirect({ to: '/$environment/customers', params: { environment } })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw toCustomers('sandbox')
  },
})
const signIn = createRoute({ getParentRoute: () => root, path: '/sign-in', component: SignInPage })
const accept = createRoute({ getParentRoute: () => root, path: '/accept', component: AcceptPage })
const inside = createRoute({
  getParentRoute: () => root,
  path: '/$environment',
  beforeLoad: ({ params }) => {
    if (params.environment !== 'sandbox' && params.environment !== 'live') throw notFound()
  },
  component: Shell,
})
const insideHome = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: ({ params }) => {
    throw toCustomers(params.environment)
  },
})
const customers = createRoute({
  getParentRoute: () => inside,
  path: 'customers',
  validateSearch: readCustomerSearch,
  component: CustomersPage,
})
const customer = createRoute({
  getParentRoute: () => inside,
  path: 'customers/$id',
  component: CustomerPage,
})
const apiKeys = createRoute({ getParentRoute: () => inside, path: 'api-keys', component: ApiKeysPage })

const router = createRouter({
  routeTree: root.addChildren([
    home,
    signIn,
    accept,
    inside.addChildren([insideHome, customers, customer, apiKeys]),
  ]),
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

const queries = new QueryClient({ defaultOptions: { queries: { retry: false, staleTime: 2_000 } } })
const place = document.getElementById('root')
if (place !== null) {
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  )
}
