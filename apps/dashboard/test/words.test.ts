import { auditedOperations } from '@commet/contract'
import { expect, test } from 'vitest'
import { deedOf } from '../src/pages/history/words.ts'

/** How the history is told, without a browser. */

test.each(auditedOperations)('%s is told in words', (operation) => {
  expect(deedOf(operation)).not.toContain(operation)
})
