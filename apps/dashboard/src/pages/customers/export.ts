import { useMutation } from '@tanstack/react-query'
import { download, save } from '../../api/download.ts'
import { type Environment, useEnvironment } from '../../api/environment.ts'
import { messageOf } from '../../api/failures.ts'
import { toast } from '../../ui/toast.tsx'
import { type CustomerSearch, filterOf } from './customer-search.ts'

/** Customers as a CSV file: those that were selected, or all that pass the filter. */

/** As many as one request may name. */
const mostIds = 300

type Selected = { readonly ids: readonly string[]; readonly order: 'asc' | 'desc' | undefined }
type Wanted = Selected | { readonly filter: CustomerSearch }

export function useExport() {
  const environment = useEnvironment()
  return useMutation({
    mutationFn: (wanted: Wanted) =>
      'ids' in wanted
        ? exportSelected(environment, wanted)
        : download(environment, `/customers.csv?${queryOf(wanted.filter)}`),
    onSuccess: save,
    onError: (error) => toast({ message: `Nothing was exported. ${messageOf(error)}`, tone: 'failure' }),
  })
}

async function exportSelected(environment: Environment, { ids, order = 'desc' }: Selected) {
  const parts: Blob[] = []
  let name = ''
  for (let at = 0; at < ids.length; at += mostIds) {
    const named = ids.slice(at, at + mostIds).join(',')
    const file = await download(environment, `/customers.csv?ids=${named}&order=${order}`)
    name = file.name
    parts.push(at === 0 ? file.content : await withoutHeadings(file.content))
  }
  return { name, content: new Blob(parts, { type: 'text/csv' }) }
}

async function withoutHeadings(file: Blob): Promise<Blob> {
  const text = await file.text()
  return new Blob([text.slice(text.indexOf('\n') + 1)])
}

function queryOf(chosen: CustomerSearch): URLSearchParams {
  const { metadata = {}, createdAfter, createdBefore, ...plain } = filterOf(chosen)
  const times = { createdAfter: createdAfter?.toISOString(), createdBefore: createdBefore?.toISOString() }
  const given = Object.entries({ ...plain, ...times }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  )
  return new URLSearchParams([
    ...given,
    ...Object.entries(metadata).map(([key, value]) => [`metadata[${key}]`, value]),
  ])
}
