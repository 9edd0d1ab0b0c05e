import { Refusal } from '../../kernel/refusal.ts'

/** The one answer for imports that never were, are forgotten, or belong to somebody else. */
export function importNotFound(id: string): Refusal {
  return new Refusal('not_found', `There is no import ${JSON.stringify(id)} in this environment.`, {
    param: 'id',
  })
}
