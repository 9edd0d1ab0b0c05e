import { go } from './go.ts'
import { java } from './java.ts'
import { php } from './php.ts'
import { python } from './python.ts'
import type { Target } from './target.ts'
import { typescript } from './typescript.ts'

/** The client libraries: every language whose resources are generated. */
export const targets: readonly Target[] = [go, java, php, python, typescript]
