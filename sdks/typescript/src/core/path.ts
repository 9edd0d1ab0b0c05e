// Owns how identifiers get into a path.
// Does not know any route.
// Always: what the server decodes from a segment is, byte for byte, what the caller gave.

import { invalidArgument } from './errors.ts'

/** Template tag: path`/customers/${id}` encodes each identifier as one segment. */
export function path(literals: TemplateStringsArray, ...identifiers: readonly string[]): string {
  return literals.reduce((built, literal, index) => built + encodeSegment(identifiers[index - 1]) + literal)
}

function encodeSegment(identifier: unknown): string {
  if (typeof identifier !== 'string' || identifier === '') {
    throw invalidArgument('an identifier in the path is a string that is not empty')
  }
  // Every URL parser folds these two away, encoded or not, so they would address another resource.
  if (identifier === '.' || identifier === '..') {
    throw invalidArgument(`no URL can carry the identifier "${identifier}"; use the cus_… ID instead`)
  }
  if (!identifier.isWellFormed()) {
    throw invalidArgument('an identifier in the path is well-formed Unicode; this one has a lone surrogate')
  }
  return encodeURIComponent(identifier)
}
