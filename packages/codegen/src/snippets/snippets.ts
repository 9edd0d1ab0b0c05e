import { curl } from './curl.ts'
import { type GivenCall, givenCall, type SnippetRequest } from './given.ts'
import { go } from './go.ts'
import { java } from './java.ts'
import { php } from './php.ts'
import { python } from './python.ts'
import { typescript } from './typescript.ts'

/**
 * A call of the API as code, for curl and for each client library: whole programs that run as they stand, with the key in the
 * variable COMMET_API_KEY. Uses nothing of Node, so that pages can show it.
 */

type SnippetLanguage = {
  readonly id: 'curl' | 'typescript' | 'python' | 'go' | 'java' | 'php'
  /** For people. */
  readonly name: string
  readonly write: (call: GivenCall) => string
}

const languages: readonly SnippetLanguage[] = [
  { id: 'curl', name: 'curl', write: curl },
  { id: 'typescript', name: 'TypeScript', write: typescript },
  { id: 'python', name: 'Python', write: python },
  { id: 'go', name: 'Go', write: go },
  { id: 'java', name: 'Java', write: java },
  { id: 'php', name: 'PHP', write: php },
]

export type Snippet = { readonly id: SnippetLanguage['id']; readonly name: string; readonly code: string }

/** The call in every language, curl first. Throws for what the contract does not have. */
export function snippetsOf(request: SnippetRequest): readonly Snippet[] {
  const call = givenCall(request)
  return languages.map(({ id, name, write }) => ({ id, name, code: `${write(call)}\n` }))
}

export type { SnippetInput, SnippetRequest } from './given.ts'
export { loggedCall } from './logged-call.ts'
