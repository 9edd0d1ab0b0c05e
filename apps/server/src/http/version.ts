import { defaultVersion, folds, type VersionFold, versions } from '@commet/contract'
import { invariant } from '../kernel/invariant.ts'
import { refuseFields } from '../kernel/refusal.ts'

/** Which version a request is answered in: the header's, else the organization's pin, else the default. */

export function resolveVersion(header: string | undefined, pin: string | null): VersionFold {
  if (header !== undefined) return named(header)
  return (pin === null ? undefined : folds.get(pin)) ?? defaultFold()
}

function named(date: string): VersionFold {
  const fold = folds.get(date)
  if (fold !== undefined) return fold
  const known = versions.map((version) => version.date).join(', ')
  throw refuseFields([{ field: 'commet-version', message: `is not an API version; send one of ${known}` }])
}

export function defaultFold(): VersionFold {
  const fold = folds.get(defaultVersion)
  invariant(fold !== undefined, 'the default version exists')
  return fold
}

/** The version to write an error in: the header's where it names one, else the one known otherwise, else the default. */
export function foldForErrors(header: string | undefined, otherwise: string | undefined): VersionFold {
  return folds.get(header ?? '') ?? folds.get(otherwise ?? '') ?? defaultFold()
}
