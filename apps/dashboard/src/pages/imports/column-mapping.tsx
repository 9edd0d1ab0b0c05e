import type { ImportDetail } from '@commet/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Environment } from '../../api/environment.ts'
import { messageOf } from '../../api/failures.ts'
import { callInternal } from '../../api/internal.ts'
import { Failure } from '../../ui/failure.tsx'
import { Select } from '../../ui/field.tsx'
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from '../../ui/table.tsx'
import { fieldLabels, labelOf } from './import-fields.ts'

/** Which field each column fills, beside the first values of the column. A choice is kept as soon as it is made. */

const shownSamples = 3
const longestKey = 200

type Props = { readonly found: ImportDetail; readonly environment: Environment }

export function ColumnMapping({ found, environment }: Props) {
  const [fields, setFields] = useState(found.columns.map(({ field }) => field))
  const save = useSave(found.id, environment)
  const before = useRef({ place: -1, fields })
  const choose = (place: number, chosen: string | null) => {
    // A field has one column: whichever had it lets go of it, and has it back where the choice only passed it, as arrow keys do.
    if (before.current.place !== place) before.current = { place, fields }
    const next = before.current.fields.map((field, at) =>
      at === place ? chosen : field === chosen ? null : field,
    )
    setFields(next)
    save.mutate(next, { onError: () => setFields(found.columns.map(({ field }) => field)) })
  }
  return (
    <>
      <Table>
        <TableHeader>
          <TableRow>
            <TableHead>Column</TableHead>
            <TableHead>Becomes</TableHead>
            <TableHead className="max-sm:hidden">First values</TableHead>
          </TableRow>
        </TableHeader>
        <TableBody>
          {found.columns.map(({ name }, place) => (
            <TableRow key={name}>
              <TableCell className="max-w-40 break-words">{name}</TableCell>
              <TableCell>
                <FieldChoice
                  column={name}
                  chosen={fields[place] ?? null}
                  onChoose={(chosen) => choose(place, chosen)}
                />
              </TableCell>
              <TableCell className="max-w-72 max-sm:hidden">
                <Samples found={found} place={place} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
      {save.isError && (
        <div className="mt-3">
          <Failure>The choice was not kept. {messageOf(save.error)}</Failure>
        </div>
      )}
    </>
  )
}

/** One after the other, so that the last choice is the one that is kept. */
function useSave(id: string, environment: Environment) {
  const queries = useQueryClient()
  const queryKey = [environment, 'import', id]
  return useMutation({
    scope: { id: `import ${id}` },
    mutationFn: (columns: (string | null)[]) =>
      callInternal(environment, 'imports.update', { params: { id }, body: { columns } }),
    onSuccess: (next) => queries.setQueryData(queryKey, next),
    onError: () => queries.invalidateQueries({ queryKey }),
  })
}

type ChoiceProps = {
  readonly column: string
  readonly chosen: string | null
  readonly onChoose: (field: string | null) => void
}

function FieldChoice({ column, chosen, onChoose }: ChoiceProps) {
  const own = column.startsWith('metadata.') ? column : `metadata.${column.slice(0, longestKey)}`
  const known = Object.keys(fieldLabels).filter((field) => field !== 'row')
  const others = [own, ...(chosen === null ? [] : [chosen])].filter((field) => !known.includes(field))
  return (
    <Select
      aria-label={`Column ${column} becomes`}
      className="min-w-36"
      value={chosen ?? ''}
      onChange={({ target }) => onChoose(target.value === '' ? null : target.value)}
    >
      <option value="">Nothing</option>
      {[...known, ...new Set(others)].map((field) => (
        <option key={field} value={field}>
          {labelOf(field)}
        </option>
      ))}
    </Select>
  )
}

function Samples({ found, place }: { readonly found: ImportDetail; readonly place: number }) {
  const cells = found.sample.slice(0, shownSamples).map((row) => row[place] ?? '')
  const filled = cells.filter((cell) => cell !== '')
  if (filled.length === 0) return <span className="text-muted-foreground">empty</span>
  return (
    <span className="line-clamp-2 text-muted-foreground [overflow-wrap:anywhere]">{filled.join(' · ')}</span>
  )
}
