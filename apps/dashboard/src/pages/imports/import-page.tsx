import type { ImportDetail } from '@commet/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type Environment, useEnvironment } from '../../api/environment.ts'
import { isNotFound, messageOf } from '../../api/failures.ts'
import { callInternal } from '../../api/internal.ts'
import { AsCode } from '../../snippets/as-code.tsx'
import { exampleCustomer } from '../../snippets/first-request.ts'
import { ask } from '../../ui/ask.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Failure } from '../../ui/failure.tsx'
import { OtherEnvironment } from '../../ui/other-environment.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ColumnMapping } from './column-mapping.tsx'
import { ImportProgress } from './import-progress.tsx'
import { ImportReport } from './import-report.tsx'
import { isUnderWay, many, StatusBadge } from './import-status.tsx'

/** One import, from its columns to its report. All of it is on the server: whoever comes back finds it where it is. */

const lookAgainMs = 500

export function ImportPage() {
  const environment = useEnvironment()
  const { id } = useParams({ from: '/$environment/imports/$id' })
  const query = useQuery({
    queryKey: [environment, 'import', id],
    queryFn: ({ signal }) => callInternal(environment, 'imports.get', { params: { id }, signal }),
    refetchInterval: ({ state }) =>
      state.data !== undefined && isUnderWay(state.data.status) ? lookAgainMs : false,
  })
  const found = query.data
  return (
    <>
      <p className="mb-2">
        <Link to="/$environment/imports" params={{ environment }} className="underline">
          All imports
        </Link>
      </p>
      <PageHeader title={found?.fileName ?? 'Import'}>
        {found !== undefined && <StatusBadge status={found.status} />}
        <AsCode operation="customers.createBatch" input={{ customers: [exampleCustomer] }} />
      </PageHeader>
      {query.isError && <Failure>{messageOf(query.error)}</Failure>}
      {isNotFound(query.error) && <OtherEnvironment />}
      {query.isPending && <Skeleton className="h-40" />}
      {found !== undefined && <ImportSteps key={environment} found={found} environment={environment} />}
    </>
  )
}

type StepsProps = { readonly found: ImportDetail; readonly environment: Environment }

function ImportSteps({ found, environment }: StepsProps) {
  const step = useStep(found.id, environment)
  const { status } = found
  const mayMap = status === 'uploaded' || status === 'checked'
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <p role="status" className="sr-only">
        {inWords(found)}
      </p>
      {step.isError && <Failure>{messageOf(step.error)}</Failure>}
      {isUnderWay(status) && <ImportProgress found={found} onCancel={() => void askToCancel(found, step)} />}
      {status === 'checked' && <CheckResult found={found} environment={environment} step={step} />}
      {(status === 'done' || status === 'canceled') && <ImportReport found={found} />}
      {mayMap && <Columns found={found} environment={environment} step={step} />}
    </div>
  )
}

type Step = ReturnType<typeof useStep>

/** Begins or ends a step; the answer is what the page shows next. */
function useStep(id: string, environment: Environment) {
  const queries = useQueryClient()
  return useMutation({
    // Behind the choices of columns that are still on their way.
    scope: { id: `import ${id}` },
    mutationFn: (to: 'check' | 'run' | 'cancel') =>
      callInternal(environment, `imports.${to}`, { params: { id } }),
    onSuccess: async (next) => {
      queries.setQueryData([environment, 'import', id], next)
      await queries.invalidateQueries({ queryKey: [environment, 'imports'] })
    },
  })
}

async function askToCancel(found: ImportDetail, step: Step): Promise<void> {
  const yes = await ask({
    title: 'Cancel this import?',
    text: 'Customers that it has created stay. The rest of the file is forgotten.',
    yes: 'Cancel import',
    no: found.status === 'running' ? 'Go on importing' : 'Go on',
  })
  if (yes) step.mutate('cancel')
}

function Columns({ found, environment, step }: StepsProps & { readonly step: Step }) {
  const hasEmail = found.columns.some(({ field }) => field === 'email')
  return (
    <Card title="What the columns hold">
      <p className="mb-3 text-muted-foreground">
        {many(found.rows, 'row')}. A row without a user ID becomes a new customer each time it is imported; a
        user ID that exists leaves its customer as it is.
      </p>
      <ColumnMapping found={found} environment={environment} />
      <div className="mt-4 flex flex-wrap items-center gap-2">
        <Button
          variant={found.status === 'uploaded' ? 'primary' : 'outline'}
          disabled={!hasEmail || step.isPending}
          onClick={() => step.mutate('check')}
        >
          {found.status === 'uploaded' ? 'Check all rows' : 'Check again'}
        </Button>
        <Button variant="destructive" disabled={step.isPending} onClick={() => void askToCancel(found, step)}>
          Cancel import
        </Button>
        {!hasEmail && <p>Say first which column holds the e-mail address: every customer has one.</p>}
      </div>
    </Card>
  )
}

function CheckResult({ found, environment, step }: StepsProps & { readonly step: Step }) {
  const { created, failed } = found
  return (
    <ImportReport found={found}>
      <div className="flex flex-wrap items-center gap-3">
        <Button
          variant="primary"
          disabled={created === 0 || step.isPending}
          onClick={() => step.mutate('run')}
        >
          Import {many(created, 'customer')} into {environment}
        </Button>
        {failed > 0 && created > 0 && (
          <p className="text-muted-foreground">Rows with an error are left out, and listed in the report.</p>
        )}
      </div>
    </ImportReport>
  )
}

/** What is announced when it changes. */
function inWords({ status, rows, created, existed, failed }: ImportDetail): string {
  const counts = `${many(created, 'customer')}, ${existed.toLocaleString()} existed, ${failed.toLocaleString()} failed`
  switch (status) {
    case 'uploaded':
      return `${many(rows, 'row')} uploaded`
    case 'checking':
      return 'Checking the rows'
    case 'checked':
      return `Checked: would create ${counts}`
    case 'running':
      return 'Importing'
    case 'done':
      return `Done: created ${counts}`
    case 'canceled':
      return `Canceled: created ${counts}`
  }
}
