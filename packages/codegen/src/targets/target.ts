import type { SdkDescription } from '../sdk.ts'

/**
 * A client library that is written from the description, wholly or in part. One file here for each language exports its
 * target, and `targets.ts` lists it: `npm run gen` then writes its files, and `npm run gen -- --check` compares them.
 */
export type Target = {
  readonly language: string
  /** Every file the target owns: its path from the root of the project, and its text. */
  readonly files: (description: SdkDescription) => ReadonlyMap<string, string>
}
