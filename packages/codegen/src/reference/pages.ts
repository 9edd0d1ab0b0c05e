import type { SdkDescription } from '../sdk.ts'
import { goPhrasing } from './go.ts'
import { javaPhrasing } from './java.ts'
import { referencePage } from './page.ts'
import { phpPhrasing } from './php.ts'
import { pythonPhrasing } from './python.ts'
import { typescriptPhrasing } from './typescript.ts'

/** `REFERENCE.md` of every library. */
export function referencePages(description: SdkDescription): ReadonlyMap<string, string> {
  const phrasings = {
    typescript: typescriptPhrasing(description),
    python: pythonPhrasing(description),
    go: goPhrasing(description),
    java: javaPhrasing(description),
    php: phpPhrasing(description),
  }
  return new Map(
    Object.entries(phrasings).map(([language, phrasing]) => [
      `sdks/${language}/REFERENCE.md`,
      referencePage(description, phrasing),
    ]),
  )
}
