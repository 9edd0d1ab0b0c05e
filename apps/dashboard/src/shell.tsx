import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect } from 'react'
import { type Environment, getSession, isSignedOut, messageOf, signOut } from './api.ts'
import { Button, Failure } from './ui.tsx'

/** What stands around every page: where you are, who you are, and the switch between sandbox and live. */

export function useEnvironment(): Environment {
  const { environment } = useParams({ strict: false })
  return environment === 'live' ? 'live' : 'sandbox'
}

const tab =
  'rounded-md px-3 py-1.5 text-soft hover:text-ink data-[status=active]:bg-panel data-[status=active]:text-ink'

export function Shell() {
  const environment = useEnvironment()
  const navigate = useNavigate()
  const session = useQuery({
    queryKey: [environment, 'session'],
    queryFn: () => getSession(environment),
    retry: (count, error) => !isSignedOut(error) && count < 10,
    retryDelay: 1_000,
  })
  const signedOut = isSignedOut(session.error)
  useEffect(() => {
    if (signedOut) void navigate({ to: '/sign-in' })
  }, [signedOut, navigate])
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
    <div className="mx-auto max-w-6xl px-4 pb-16 sm:px-6">
      <header className="flex flex-wrap items-center gap-x-6 gap-y-2 border-b border-line py-3">
        <span className="font-semibold">Commet</span>
        <nav aria-label="Pages" className="flex gap-1">
          <Link to="/$environment/customers" params={{ environment }} className={tab}>
            Customers
          </Link>
          <Link to="/$environment/api-keys" params={{ environment }} className={tab}>
            API keys
          </Link>
        </nav>
        <EnvironmentSwitch environment={environment} />
        <Account name={session.data.name} email={session.data.email} role={session.data.role} />
      </header>
      <main className="pt-6">
        <Outlet />
      </main>
    </div>
  )
}

/** Leads to the list of the other environment: what is open here does not exist there. */
function EnvironmentSwitch({ environment }: { readonly environment: Environment }) {
  return (
    <nav aria-label="Environment" className="flex rounded-md border border-line p-0.5 sm:ml-auto">
      {(['sandbox', 'live'] as const).map((one) => (
        <Link
          key={one}
          to="/$environment/customers"
          params={{ environment: one }}
          search={{}}
          aria-current={one === environment ? 'true' : undefined}
          className={`rounded px-3 py-1 text-sm ${one === environment ? `bg-panel font-semibold ${one === 'sandbox' ? 'text-sandbox' : 'text-accent'}` : 'text-soft'}`}
        >
          {one === 'sandbox' ? 'Sandbox' : 'Live'}
        </Link>
      ))}
    </nav>
  )
}

function Account({
  name,
  email,
  role,
}: {
  readonly name: string
  readonly email: string
  readonly role: string
}) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const leave = async (everywhere: boolean) => {
    await signOut(everywhere)
    queries.clear()
    await navigate({ to: '/sign-in' })
  }
  return (
    <details className="relative">
      <summary className="cursor-pointer rounded-md px-2 py-1">{name}</summary>
      <div className="absolute right-0 z-10 mt-1 grid w-64 gap-2 rounded-md border border-line bg-page p-3 max-sm:right-auto max-sm:left-0">
        <p className="text-sm break-words text-soft">
          {email}, {role}
        </p>
        <Button onClick={() => void leave(false)}>Sign out</Button>
        <Button onClick={() => void leave(true)}>Sign out everywhere</Button>
      </div>
    </details>
  )
}
