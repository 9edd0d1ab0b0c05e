import type { OperationName } from './requests.ts'

/** What our server sends for an operation, cut where it waits for an answer before it goes on. */

export type SentValue = string | number | boolean | null | { readonly bytes: string } | readonly SentValue[]

export type SentStatement = {
  readonly name?: string
  readonly text: string
  readonly values: readonly SentValue[]
}

export type Script = {
  /** Reads share connections, writes hold one. */
  readonly trips: readonly { readonly shared: boolean; readonly statements: readonly SentStatement[] }[]
  /** What stands in the recorded values for the name, key or pattern of the request. */
  readonly token: string
  readonly status: number
  readonly body: string
}

export type Scripts = {
  readonly scripts: Readonly<Record<OperationName, Script>>
  /** How our server connects. */
  readonly connection: Readonly<Record<string, unknown>>
}
