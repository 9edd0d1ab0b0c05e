import { Link, Outlet, useNavigate, useRouter, useRouterState } from '@tanstack/react-router'
import { Menu, Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { type Environment, environments, useEnvironment } from '../api/environment.ts'
import { isSignedOut, messageOf } from '../api/failures.ts'
import { useSession } from '../api/session.ts'
import { DeletionToasts } from '../pages/customers/deletions.ts'
import { loadSnippets } from '../snippets/as-code.tsx'
import { Button } from '../ui/button.tsx'
import { cn } from '../ui/cn.ts'
import { Failure } from '../ui/failure.tsx'
import { Sheet } from '../ui/modal.tsx'
import { AccountMenu } from './account-menu.tsx'
import { Keyboard } from './keyboard.tsx'
import { sections } from './navigation.ts'
import { open, paletteModifier } from './overlay.ts'
import { SandboxClock } from './sandbox-clock.tsx'

/** What stands around every page: where you are, who you are, and the switch between sandbox and live. */

/** The part of an address behind the host. */
const addressOf = ({ pathname, search, hash }: Location) => pathname + search + hash

export function Shell() {
  const environment = useEnvironment()
  const navigate = useNavigate()
  const session = useSession(environment)
  const signedOut = isSignedOut(session.error)
  useEffect(() => {
    if (signedOut) void navigate({ to: '/sign-in', search: { next: addressOf(location) }, replace: true })
  }, [signedOut, navigate])
  useAllPages()
  if (session.data === undefined) {
    return (
      <main className="p-6" aria-busy="true">
        {session.failureReason !== null && !signedOut && (
          <Failure>{messageOf(session.failureReason)}</Failure>
        )}
      </main>
    )
  }
  return (
    <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[auto_1fr] md:grid-cols-[14rem_minmax(0,1fr)] md:grid-rows-1">
      <a
        href="#content"
        className="sr-only z-40 rounded-md bg-background p-2 focus:not-sr-only focus:absolute"
      >
        Skip to the content
      </a>
      <aside className="sticky top-0 hidden h-dvh flex-col gap-6 overflow-y-auto border-r border-border bg-sidebar p-3 md:flex">
        <p className="px-2 pt-1 text-lg font-semibold">Commet</p>
        <Navigation environment={environment} />
      </aside>
      <div className="min-w-0">
        <header className="sticky top-0 z-20 flex min-h-14 flex-wrap items-center gap-x-2 py-2 border-b border-border bg-background px-3 sm:px-6">
          <NavigationDrawer environment={environment} />
          <EnvironmentSwitch environment={environment} />
          {environment === 'sandbox' && <SandboxClock />}
          <div className="ml-auto flex items-center gap-1 sm:gap-2">
            <FindButton />
            <AccountMenu {...session.data} />
          </div>
        </header>
        <main id="content" className="mx-auto max-w-6xl px-4 pt-6 pb-16 sm:px-6">
          <Outlet />
          <DeletionToasts />
        </main>
      </div>
      <Keyboard />
    </div>
  )
}

/** Loads the other pages while nothing else happens: they open at once, also where the server is away by then. */
function useAllPages(): void {
  const router = useRouter()
  useEffect(() => {
    const load = () =>
      Promise.all([
        ...Object.values(router.routesById).map((route) => router.loadRouteChunk(route)),
        loadSnippets(),
      ])
    const timer = setTimeout(() => void load().catch(leaveIt), quietMs)
    return () => clearTimeout(timer)
  }, [router])
}

const quietMs = 1_500

/** It is loaded when it is opened, and says then what is wrong. */
function leaveIt(): void {}

function FindButton() {
  return (
    <Button className="text-muted-foreground" onClick={() => open('palette')}>
      <Search aria-hidden="true" />
      <span className="max-lg:sr-only">
        Find<span className="sr-only"> a customer or a page</span>
      </span>
      <span aria-hidden="true" className="rounded border px-1 text-xs max-lg:hidden">
        {paletteModifier} K
      </span>
    </Button>
  )
}

const entry =
  'flex min-h-9 items-center gap-2 rounded-md px-2 text-muted-foreground hover:bg-muted hover:text-foreground data-[status=active]:bg-muted data-[status=active]:font-medium data-[status=active]:text-foreground [&_svg]:size-4'

function Navigation({ environment }: { readonly environment: Environment }) {
  return (
    <nav aria-label="Pages" className="grid gap-4">
      {sections.map(({ title, destinations }) => (
        <div key={title ?? ''} className="grid gap-0.5">
          {title !== undefined && <p className="px-2 pb-1 text-sm text-muted-foreground">{title}</p>}
          {destinations.map(({ to, label, icon: Icon }) => (
            <Link
              key={to}
              to={to}
              params={{ environment }}
              activeOptions={{ exact: to === '/$environment' }}
              className={entry}
            >
              <Icon aria-hidden="true" />
              {label}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  )
}

/** The same on a narrow screen, behind a button; gone again where a page was chosen. */
function NavigationDrawer({ environment }: { readonly environment: Environment }) {
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const [openAt, setOpenAt] = useState<string>()
  return (
    <>
      <Button
        variant="ghost"
        size="icon"
        className="md:hidden"
        aria-label="Menu"
        onClick={() => setOpenAt(path)}
      >
        <Menu aria-hidden="true" />
      </Button>
      {openAt === path && (
        <Sheet
          title="Commet"
          className="mr-auto ml-0 max-w-72 border-r border-l-0"
          onClose={() => setOpenAt(undefined)}
        >
          <Navigation environment={environment} />
        </Sheet>
      )}
    </>
  )
}

const environmentNames = { sandbox: 'Sandbox', live: 'Live' }
const environmentColors = { sandbox: 'text-sandbox', live: 'text-live' }

/** Leads to the same page of the other environment; from one thing to its list, since it does not exist there. */
function EnvironmentSwitch({ environment }: { readonly environment: Environment }) {
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const room = path.replace(/^\/[^/]+/, '/$environment')
  const here = sections
    .flatMap(({ destinations }) => destinations)
    .findLast(({ to }) => room === to || room.startsWith(`${to}/`))
  return (
    <nav aria-label="Environment" className="flex rounded-md border border-border p-0.5">
      {environments.map((one) => (
        <Link
          key={one}
          to={here?.to ?? '/$environment'}
          params={{ environment: one }}
          search={{}}
          aria-current={one === environment ? 'true' : undefined}
          className={cn(
            'flex min-h-7 items-center rounded px-3 text-sm',
            one === environment
              ? ['bg-muted font-semibold', environmentColors[one]]
              : 'text-muted-foreground hover:text-foreground',
          )}
        >
          {environmentNames[one]}
        </Link>
      ))}
    </nav>
  )
}
