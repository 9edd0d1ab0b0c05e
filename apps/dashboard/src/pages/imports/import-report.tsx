import type { ImportDetail } from '@commet/contract'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import type { ReactNode } from 'react'
import { download, save } from '../../api/download.ts'
import { useEnvironment } from '../../api/environment.ts'
import { messageOf } from '../../api/failures.ts'
import { Button, buttonVariants } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../../ui/table.tsx'
import { labelOf } from './import-fields.ts'
import { many } from './import-status.tsx'

/** What became of the rows, or what would become of them in a dry run, with every error that is shown. */

type Props = { readonly found: ImportDetail; readonly children?: ReactNode }

const titles: Readonly<Record<string, string>> = {
  checked: 'What an import would do',
  done: 'What the import did',
  canceled: 'What was done before it was canceled',
}

export function ImportReport({ found, children }: Props) {
  const environment = useEnvironment()
  const { status, rows, processed, created, existed, failed } = found
  const isDryRun = status === 'checked'
  return (
    <Card title={titles[status]}>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <dl className="flex flex-wrap gap-x-10 gap-y-3">
          <Count name={isDryRun ? 'Would be created' : 'Created'} value={created} />
          <Count name="Existed already" value={existed} />
          <Count name={isDryRun ? 'With an error' : 'Failed'} value={failed} />
          {status === 'canceled' && <Count name="Not looked at" value={rows - processed} />}
        </dl>
        {children}
        {failed > 0 && <Failures found={found} />}
        {status === 'done' && created > 0 && (
          <p>
            <Link
              to="/$environment/customers"
              params={{ environment }}
              search={{}}
              className={buttonVariants({ variant: 'primary' })}
            >
              Show the customers
            </Link>
          </p>
        )}
      </div>
    </Card>
  )
}

function Count({ name, value }: { readonly name: string; readonly value: number }) {
  return (
    <div>
      <dt className="text-sm text-muted-foreground">{name}</dt>
      <dd className="text-2xl font-semibold tabular-nums">{value.toLocaleString()}</dd>
    </div>
  )
}

function Failures({ found }: { readonly found: ImportDetail }) {
  const environment = useEnvironment()
  const all = useMutation({
    mutationFn: () => download(environment, `/imports/${found.id}/failures.csv`),
    onSuccess: save,
  })
  const hidden = found.failed - found.failures.length
  return (
    <section aria-label="Rows with an error" className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <Table>
        <TableHeader>
          <TableRow>
            <TableHead>Row</TableHead>
            <TableHead>Field</TableHead>
            <TableHead>What is wrong</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {found.failures.flatMap(({ row, errors }) =>
            errors.map(({ field, message }, place) => (
              <TableRow key={`${row} ${field} ${message}`}>
                <TableCell className="tabular-nums">
                  <span className={place === 0 ? '' : 'sr-only'}>{row}</span>
                </TableCell>
                <TableCell>{labelOf(field)}</TableCell>
                <TableCell className="[overflow-wrap:anywhere]">{message}</TableCell>
              </TableRow>
            )),
          )}
        </TableBody>
      </Table>
      {hidden > 0 && <p className="text-muted-foreground">And {many(hidden, 'row')} more, in the file.</p>}
      <div>
        <Button disabled={all.isPending} onClick={() => all.mutate()}>
          <Download aria-hidden="true" />
          Download the rows with an error
        </Button>
      </div>
      {all.isError && <Failure>{messageOf(all.error)}</Failure>}
    </section>
  )
}
