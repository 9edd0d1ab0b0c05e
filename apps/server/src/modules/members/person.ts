import type { Caller, Person } from '../../kernel/caller.ts'
import { invariant } from '../../kernel/invariant.ts'

/** The person behind a request; only people get as far as the operations of this module. */
export function personOf({ actor }: Caller): Person {
  invariant(actor.kind === 'user', 'an internal operation is asked by a person')
  return actor
}
