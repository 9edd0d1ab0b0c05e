import {
  createRootRoute,
  createRoute,
  createRouter,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { environments } from '../api/environment.ts'
import { readCustomerSearch } from '../pages/customers/customer-search.ts'
import { readEntrySearch } from '../pages/entry/next.ts'
import { readRequestSearch } from '../pages/requests/request-search.ts'
import { awaitArrival } from '../ui/arrival.ts'
import { lazyPage } from './lazy-page.ts'
import { NothingHere } from './nothing-here.tsx'
import { PageFailure, WholePageFailure } from './page-failure.tsx'
import { Shell } from './shell.tsx'

/** The pages and their addresses. Every page loads when it is opened; every page of an environment says which in its address. */

const root = createRootRoute({
  component: Outlet,
  notFoundComponent: NothingHere,
})

const start = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/$environment', params: { environment: 'sandbox' } })
  },
})
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: readEntrySearch,
  component: lazyPage(() => import('../pages/entry/entry-pages.tsx'), 'SignInPage'),
  errorComponent: WholePageFailure,
})
const accept = createRoute({
  getParentRoute: () => root,
  path: '/accept',
  component: lazyPage(() => import('../pages/entry/entry-pages.tsx'), 'AcceptPage'),
  errorComponent: WholePageFailure,
})

const inside = createRoute({
  getParentRoute: () => root,
  path: '/$environment',
  beforeLoad: ({ params }) => {
    if (!environments.some((one) => one === params.environment)) throw notFound()
  },
  component: Shell,
  errorComponent: WholePageFailure,
})
const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyPage(() => import('../pages/home/home-page.tsx'), 'HomePage'),
})
const customers = createRoute({
  getParentRoute: () => inside,
  path: 'customers',
  validateSearch: readCustomerSearch,
  component: lazyPage(() => import('../pages/customers/customers-page.tsx'), 'CustomersPage'),
})
const customer = createRoute({
  getParentRoute: () => inside,
  path: 'customers/$id',
  component: lazyPage(() => import('../pages/customers/customer-page.tsx'), 'CustomerPage'),
})
const imports = createRoute({
  getParentRoute: () => inside,
  path: 'imports',
  component: lazyPage(() => import('../pages/imports/imports-page.tsx'), 'ImportsPage'),
})
const oneImport = createRoute({
  getParentRoute: () => inside,
  path: 'imports/$id',
  component: lazyPage(() => import('../pages/imports/import-page.tsx'), 'ImportPage'),
})
const apiKeys = createRoute({
  getParentRoute: () => inside,
  path: 'api-keys',
  component: lazyPage(() => import('../pages/api-keys/api-keys-page.tsx'), 'ApiKeysPage'),
})

const organization = createRoute({
  getParentRoute: () => inside,
  path: 'settings/organization',
  component: lazyPage(() => import('../pages/settings/organization-page.tsx'), 'OrganizationPage'),
})
const members = createRoute({
  getParentRoute: () => inside,
  path: 'settings/members',
  component: lazyPage(() => import('../pages/settings/members-page.tsx'), 'MembersPage'),
})
const requests = createRoute({
  getParentRoute: () => inside,
  path: 'requests',
  validateSearch: readRequestSearch,
  component: lazyPage(() => import('../pages/requests/requests-page.tsx'), 'RequestsPage'),
})
const request = createRoute({
  getParentRoute: () => inside,
  path: 'requests/$id',
  component: lazyPage(() => import('../pages/requests/request-page.tsx'), 'RequestPage'),
})
const apiVersion = createRoute({
  getParentRoute: () => inside,
  path: 'api-version',
  component: lazyPage(() => import('../pages/api-version/api-version-page.tsx'), 'ApiVersionPage'),
})

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    signIn,
    accept,
    inside.addChildren([
      ...[home, customers, customer, imports, oneImport, apiKeys, requests, request, apiVersion],
      ...[organization, members],
    ]),
  ]),
  scrollRestoration: true,
  defaultPreload: 'intent',
  // A page of another environment or thing begins anew: nothing that was open or typed goes over to it.
  defaultRemountDeps: ({ routeId, params }) => (routeId === inside.id ? undefined : params),
  defaultErrorComponent: PageFailure,
})

router.subscribe('onBeforeNavigate', ({ fromLocation, pathChanged }) => {
  if (fromLocation !== undefined && pathChanged) awaitArrival(fromLocation.pathname)
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
