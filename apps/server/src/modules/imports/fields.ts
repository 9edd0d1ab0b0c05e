import type { CreateCustomer, FieldError } from '@commet/contract'
import type { Cells } from '../../kernel/csv.ts'
import { findUnstorable, parseExactly } from '../../kernel/json.ts'

/** From the columns of a file to the fields of a customer. */

export type Column = { readonly name: string; readonly field: string | null }

/** Names under which files of other programs hold a field, folded: letters and digits only. */
const names: Readonly<Record<string, readonly string[]>> = {
  email: ['email', 'emailaddress', 'mail', 'billingemail', 'customeremail', 'contactemail', 'correo'],
  externalId: [
    ...['externalid', 'userid', 'customerid', 'customerreference', 'reference', 'clientid'],
    ...['accountid', 'externalreference'],
  ],
  fullName: ['fullname', 'name', 'customername', 'displayname', 'company', 'companyname', 'businessname'],
  taxDocument: [
    'taxdocument',
    'taxid',
    'vat',
    'vatid',
    'vatnumber',
    'taxnumber',
    'ein',
    'cuit',
    'rfc',
    'nit',
  ],
  timezone: ['timezone', 'tz'],
  metadata: ['metadata'],
  'address.line1': ['addressline1', 'address', 'address1', 'street', 'streetaddress', 'line1'],
  'address.line2': ['addressline2', 'address2', 'line2'],
  'address.city': ['addresscity', 'city', 'town', 'locality'],
  'address.state': ['addressstate', 'state', 'province'],
  'address.postalCode': ['addresspostalcode', 'postalcode', 'postcode', 'zip', 'zipcode', 'addresszip'],
  'address.country': ['addresscountry', 'country', 'countrycode'],
  'address.region': ['addressregion', 'region'],
}

/** A field for each column whose name says it; each field once. `first` is the first row of the file. */
export function suggestFields(columns: Cells, first: Cells): readonly Column[] {
  const taken = new Set<string>()
  return columns.map((name, place) => {
    const field = fieldFor(name, first[place] ?? '')
    if (field === undefined || taken.has(field)) return { name, field: null }
    taken.add(field)
    return { name, field }
  })
}

function fieldFor(name: string, cell: string): string | undefined {
  if (/^metadata\../.test(name)) return name
  const folded = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
  // The ID of another program is a user ID here; ours mark a file that was exported, and are made anew.
  if (folded === 'id' || folded === 'customerid') return cell.startsWith('cus_') ? undefined : 'externalId'
  return Object.keys(names).find((field) => names[field]?.includes(folded))
}

/** What a row says of a customer, if it can be read, and what is wrong with it. Empty cells say nothing. */
export type ReadRow = {
  readonly item: Readonly<Record<string, unknown>> | undefined
  readonly errors: readonly FieldError[]
}

export function readRow(columns: readonly Column[], cells: Cells): ReadRow {
  if (cells.length !== columns.length) return { item: undefined, errors: [wrongLength(columns, cells)] }
  const filled = columns.flatMap(({ field }, place) => {
    const cell = cells[place] ?? ''
    return field === null || cell === '' ? [] : [[field, cell] as const]
  })
  const metadata = readMetadata(filled)
  const item = {
    ...Object.fromEntries(filled.filter(([field]) => !field.includes('.') && field !== 'metadata')),
    ...group('address', filled),
    ...(metadata.value === undefined ? {} : { metadata: metadata.value }),
  }
  const unstorable = findUnstorable(item)
  const errors = [...metadata.errors, ...(unstorable === undefined ? [] : [unstorable])]
  return { item, errors }
}

function wrongLength({ length: wanted }: readonly Column[], { length }: Cells): FieldError {
  const message = `has ${length} ${length === 1 ? 'cell' : 'cells'} where the head has ${wanted}; a cell that holds the separator needs quotation marks`
  return { field: 'row', message }
}

type Filled = readonly (readonly [field: string, cell: string])[]

/** The cells of fields such as `address.city`, as one object; nothing where there are none. */
function group(name: keyof CreateCustomer, filled: Filled): Readonly<Record<string, unknown>> {
  const inner = filled
    .filter(([field]) => field.startsWith(`${name}.`))
    .map(([field, cell]) => [field.slice(name.length + 1), cell] as const)
  return inner.length === 0 ? {} : { [name]: Object.fromEntries(inner) }
}

type Metadata = { readonly value?: unknown; readonly errors: readonly FieldError[] }

/** A column of JSON, columns of single keys, or both: then the single keys win. */
function readMetadata(filled: Filled): Metadata {
  const keys = group('metadata', filled).metadata
  const text = filled.find(([field]) => field === 'metadata')?.[1]
  if (text === undefined) return { value: keys, errors: [] }
  try {
    const value = parseExactly(text)
    return { value: keys !== undefined && isObject(value) ? { ...value, ...keys } : value, errors: [] }
  } catch {
    return { errors: [{ field: 'metadata', message: 'must be a JSON object, such as {"plan": "team"}' }] }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
