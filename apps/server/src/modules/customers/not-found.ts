import { Refusal } from '../../kernel/refusal.ts'

/** The one answer for customers that never were, are deleted, or belong to somebody else. */
export function customerNotFound(name: string): Refusal {
  return new Refusal(
    'customer_not_found',
    `There is no customer ${JSON.stringify(name)} in this environment.`,
    {
      param: 'id',
    },
  )
}
