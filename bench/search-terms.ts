import type { Sample } from './requests.ts'
import { seededRandom } from './statistics.ts'

/** The fixed mix of search terms: what people look for, and what is hard to find. */

export const termKinds = [
  'full e-mail',
  'user ID',
  'cus_ ID',
  'three letters, common',
  'three letters, rare',
  'three letters, absent',
  'four to six letters, common',
  'four to six letters, rare',
  'four to six letters, absent',
  'two letters',
] as const
export type TermKind = (typeof termKinds)[number]

/** Nothing but reading a large part of the index, or all that it names, answers these: their ceiling is reported. */
export const unbounded: ReadonlySet<TermKind> = new Set(['three letters, common', 'three letters, absent'])

const fixed: Partial<Record<TermKind, readonly string[]>> = {
  'three letters, common': ['com', 'exa', 'mar', 'ten'],
  'three letters, rare': ['yss', 'nqu', 'mwy', 'lmj'],
  'three letters, absent': ['qxz', 'xqj', 'zqx', 'jjq'],
  'four to six letters, common': ['maria', 'acme', 'example', 'north'],
  'four to six letters, absent': ['qxzwv', 'zzqqxx', 'marxia', 'tenqq'],
  'two letters': ['ma', 'ba', 'ko', 'xe', 'qu', 'zz'],
}

const syllables = ['ba', 'ko', 'ri', 'lu', 'vo', 'fa', 'hu', 'chi', 'mas', 'ten', 'gor', 'zan']

export type Term = { readonly kind: TermKind; readonly term: string }

/** The kinds in turn, the same terms for the same samples. */
export function searchTerms(samples: readonly Sample[], count: number): readonly Term[] {
  const random = seededRandom(15)
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const make = (kind: TermKind): string => {
    switch (kind) {
      case 'full e-mail':
        return oneOf(samples).email
      case 'user ID':
        return oneOf(samples).external_id
      case 'cus_ ID':
        return oneOf(samples).id
      case 'four to six letters, rare':
        return (oneOf(syllables) + oneOf(syllables) + oneOf(syllables)).slice(0, 6)
      default:
        return oneOf(fixed[kind] ?? [])
    }
  }
  return Array.from({ length: count }, (_, index) => {
    const kind = termKinds[index % termKinds.length] as TermKind
    return { kind, term: make(kind) }
  })
}
