import type { Home } from '@commet/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type Environment, useEnvironment } from '../../api/environment.ts'
import { messageOf } from '../../api/failures.ts'
import { callInternal } from '../../api/internal.ts'
import { useSession } from '../../api/session.ts'
import { AsCode } from '../../snippets/as-code.tsx'
import { exampleCustomer, firstRequest } from '../../snippets/first-request.ts'
import { buttonVariants } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Code } from '../../ui/code.tsx'
import { CopyButton } from '../../ui/copyable.tsx'
import { Failure } from '../../ui/failure.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { mayManage } from '../settings/roles.ts'
import { CustomersChart, figure } from './customers-chart.tsx'
import { RecentActivity } from './recent-activity.tsx'

/** Where an environment starts: what to do next, how many customers there are, and what happened lately. */

const waitingMs = 2_000
const otherwiseMs = 15_000

export function HomePage() {
  const environment = useEnvironment()
  const timezone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const query = useQuery({
    queryKey: [environment, 'home', timezone],
    queryFn: ({ signal }) => callInternal(environment, 'home.get', { query: { timezone }, signal }),
    // Whoever sends the first request looks here for what it did.
    refetchInterval: ({ state }) => (isNew(state.data) ? waitingMs : otherwiseMs),
  })
  const home = query.data
  return (
    <>
      <PageHeader title="Home" />
      {query.isError && home === undefined && <Failure>{messageOf(query.error)}</Failure>}
      <div className="grid gap-5 *:min-w-0">
        {home !== undefined && isNew(home) && <NextStep environment={environment} keys={home.keys} />}
        <Card
          title="Customers"
          aria-busy={home === undefined}
          actions={<AsCode operation="customers.list" input={{ limit: 50 }} />}
        >
          {home === undefined ? <Skeleton className="h-48" /> : <Customers {...home.customers} />}
        </Card>
        <RecentActivity environment={environment} />
      </div>
    </>
  )
}

/** Nothing was sent yet, or nobody is there yet. */
function isNew(home: Home | undefined): boolean {
  return home?.keys.lastUsedAt === null || home?.customers.total === 0
}

function Customers({ total, isMore, days }: Home['customers']) {
  const environment = useEnvironment()
  if (total === 0) return <p>No customers here yet. The first one shows up by itself.</p>
  const lately = days.reduce((sum, { created }) => sum + created, 0)
  const latelyMore = days.some((day) => day.isMore)
  return (
    <>
      <p className="text-muted-foreground">
        <Link
          to="/$environment/customers"
          params={{ environment }}
          className="text-3xl font-semibold text-foreground tabular-nums hover:underline"
        >
          {figure(total, isMore)}
          <span className="sr-only"> customers</span>
        </Link>{' '}
        {figure(lately, latelyMore)} new in the last {days.length} days
      </p>
      <CustomersChart days={days} />
    </>
  )
}

type NextStepProps = { readonly environment: Environment; readonly keys: Home['keys'] }

function NextStep({ environment, keys }: NextStepProps) {
  const role = useSession(environment).data?.role
  const command = firstRequest(environment)
  return (
    <Card title={keys.lastUsedAt === null ? 'Send your first request' : 'Create your first customer'}>
      <div className="grid gap-3 *:min-w-0">
        {!keys.exist && (
          <p>
            It needs an API key, and there is none in this environment yet.{' '}
            {mayManage(role) ? (
              <Link to="/$environment/api-keys" params={{ environment }} className={buttonVariants()}>
                Make a key
              </Link>
            ) : (
              'Owners and admins make one.'
            )}
          </p>
        )}
        <p>Create a customer from your own server, with one of your {environment} keys:</p>
        <Code>{command}</Code>
        <div className="flex flex-wrap items-center gap-3 text-muted-foreground">
          <CopyButton text={command} label="the command" />
          <AsCode operation="customers.create" input={exampleCustomer} label="In your language" />
          <span role="status">
            {keys.lastUsedAt === null
              ? 'Waiting for a request with a key…'
              : 'Waiting for the first customer…'}
          </span>
        </div>
      </div>
    </Card>
  )
}
