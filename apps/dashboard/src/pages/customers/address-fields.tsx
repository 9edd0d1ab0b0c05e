import { Field, SelectField } from '../../ui/field.tsx'
import type { AddressField, Values } from './customer-values.ts'
import { allCountries } from './places.ts'

const labels: Readonly<Record<Exclude<AddressField, 'country'>, string>> = {
  line1: 'Street and number',
  line2: 'Second line',
  postalCode: 'Postal code',
  city: 'City',
  state: 'State',
  region: 'Region',
}

const order = ['line1', 'line2', 'postalCode', 'city', 'state', 'region'] as const

type Props = {
  readonly address: Values['address']
  readonly onChange: (address: Values['address']) => void
  readonly errors: Readonly<Record<string, string>>
}

/** The address: all of it, or none. */
export function AddressFields({ address, onChange, errors }: Props) {
  const set = (name: AddressField, value: string) => onChange({ ...address, [name]: value })
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2">
      <legend className="mb-2 text-lg font-semibold">Address</legend>
      {errors.address !== undefined && (
        <p className="text-sm text-destructive sm:col-span-2">{errors.address}</p>
      )}
      {order.map((name) => (
        <Field
          key={name}
          label={labels[name]}
          name={`address.${name}`}
          autoComplete="off"
          value={address[name]}
          onChange={({ target }) => set(name, target.value)}
          error={errors[`address.${name}`]}
        />
      ))}
      <SelectField
        label="Country"
        name="address.country"
        value={address.country}
        onChange={({ target }) => set('country', target.value)}
        error={errors['address.country']}
      >
        <option value="">None</option>
        {countriesWith(address.country).map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </SelectField>
    </fieldset>
  )
}

/** A code that came over the API and is no country's stays as it is until somebody chooses. */
function countriesWith(code: string) {
  const all = allCountries()
  return code === '' || all.some((country) => country.code === code) ? all : [{ code, name: code }, ...all]
}
