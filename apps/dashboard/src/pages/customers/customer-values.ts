import type { Address, CreateCustomerParams, Customer, UpdateCustomerFields } from '@commet/node'
import { type MetadataDraft, type MetadataMistake, pairsOf, readMetadata } from './metadata-draft.ts'

/** What the form of a customer holds, and what of it is sent. */

export const textFields = ['email', 'fullName', 'externalId', 'taxDocument', 'timezone'] as const
export const addressFields = [
  'line1',
  'line2',
  'city',
  'state',
  'postalCode',
  'country',
  'region',
] as const satisfies readonly (keyof Address)[]

export type TextField = (typeof textFields)[number]
export type AddressField = (typeof addressFields)[number]

export type Values = Readonly<Record<TextField, string>> & {
  readonly address: Readonly<Record<AddressField, string>>
  readonly metadata: MetadataDraft
}

export function valuesOf(customer: Customer | undefined): Values {
  return {
    email: customer?.email ?? '',
    fullName: customer?.fullName ?? '',
    externalId: customer?.externalId ?? '',
    taxDocument: customer?.taxDocument ?? '',
    timezone: customer?.timezone ?? '',
    address: {
      line1: customer?.address?.line1 ?? '',
      line2: customer?.address?.line2 ?? '',
      city: customer?.address?.city ?? '',
      state: customer?.address?.state ?? '',
      postalCode: customer?.address?.postalCode ?? '',
      country: customer?.address?.country ?? '',
      region: customer?.address?.region ?? '',
    },
    metadata: pairsOf(customer?.metadata ?? {}),
  }
}

/** What was filled in, as the API takes it, or why it cannot be read. */
export type ReadInput<Input> =
  | { readonly ok: true; readonly input: Input }
  | ({ readonly ok: false } & MetadataMistake)

/** A new customer: what was left empty is not sent. */
export function createInput(values: Values): ReadInput<CreateCustomerParams> {
  const metadata = readMetadata(values.metadata)
  if (!metadata.ok) return metadata
  const { email, externalId, fullName, taxDocument, timezone } = values
  const address = addressOf(values)
  return {
    ok: true,
    input: {
      email,
      ...(externalId === '' ? {} : { id: externalId }),
      ...(fullName === '' ? {} : { fullName }),
      ...(taxDocument === '' ? {} : { taxDocument }),
      ...(timezone === '' ? {} : { timezone }),
      ...(address === null ? {} : { address }),
      ...(Object.keys(metadata.value).length === 0 ? {} : { metadata: metadata.value }),
    },
  }
}

/** What was changed: a field that is absent stays, null clears it, address and metadata are replaced whole. */
export function updateInput(before: Values, after: Values): ReadInput<UpdateCustomerFields> {
  const metadata = readMetadata(after.metadata)
  if (!metadata.ok) return metadata
  const former = readMetadata(before.metadata)
  const texts = textFields.filter((name) => before[name] !== after[name])
  const moved = !isSame(addressOf(before), addressOf(after))
  const noted = !former.ok || !isSame(former.value, metadata.value)
  return {
    ok: true,
    input: {
      ...Object.fromEntries(texts.map((name) => [name, clearedOr(name, after[name])])),
      ...(moved ? { address: addressOf(after) } : {}),
      ...(noted ? { metadata: metadata.value } : {}),
    },
  }
}

/** Nobody is without an e-mail address and a time zone: emptied, they are for the server to refuse. */
function clearedOr(name: TextField, value: string): string | null {
  return value === '' && name !== 'email' && name !== 'timezone' ? null : value
}

/** None where nothing of it is filled in; a half of one is for the server to refuse, field by field. */
function addressOf({ address }: Values): Address | null {
  const given = addressFields.filter((name) => address[name] !== '')
  if (given.length === 0) return null
  return Object.fromEntries(given.map((name) => [name, address[name]])) as unknown as Address
}

/** Whether something would be lost by leaving. */
export function isChanged(before: Values, after: Values): boolean {
  const change = updateInput(before, after)
  return !change.ok || Object.keys(change.input).length > 0
}

/** Equal whatever the order of the keys. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return entries.map(([key, entry]) => [key, sorted(entry)])
}
