import { go } from './go.ts'
import { java } from './java.ts'
import { php } from './php.ts'
import { python } from './python.ts'
import type { Target } from './target.ts'

/**
 * The languages whose resources are generated. TypeScript is not one of them: what its resources say beyond the contract
 * (a customer by `id` or `customerId`, lists to await or to walk) reads better written by hand, and a test compares it.
 */
export const targets: readonly Target[] = [go, java, php, python]
