import { calls } from './calls.ts'
import type { SnippetInput } from './given.ts'

/** The call that a request was. */
export type LoggedCall = { readonly operation: string; readonly input: SnippetInput }

/** Finds it by method and path, such as GET and `/api/v1/customers/cus_1`; undefined where no library has such a call. */
export function loggedCall(method: string, path: string): LoggedCall | undefined {
  const wanted = path.replace(/^\/api(\/v1)?(?=\/)/, '')
  const verb = method === 'PUT' ? 'PATCH' : method
  const found = Object.entries(calls.calls)
    .filter(([, call]) => call.method === verb)
    .flatMap(([operation, call]) => {
      const input = namedBy(call.path, wanted)
      return input === undefined ? [] : [{ operation, input }]
    })
  // A path that is there word for word is meant before one that has a name in this place.
  return found.toSorted((one, other) => named(one) - named(other))[0]
}

const named = ({ input }: LoggedCall) => Object.keys(input).length

/** What stands in a path where its pattern has names in braces; undefined where it does not fit. */
function namedBy(pattern: string, path: string): SnippetInput | undefined {
  const [parts, given] = [pattern.split('/'), path.split('/')]
  if (parts.length !== given.length) return undefined
  const names: [string, string][] = []
  for (const [at, part] of parts.entries()) {
    const value = given[at] ?? ''
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    if (name === undefined && part !== value) return undefined
    if (name !== undefined) names.push([name, decoded(value)])
  }
  return Object.fromEntries(names)
}

/** A log holds what was sent, also what cannot be decoded. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
