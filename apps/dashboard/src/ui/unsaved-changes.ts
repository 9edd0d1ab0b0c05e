import { useBlocker } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { ask, type Question } from './ask.tsx'

/** Keeps what was filled in from getting lost: going elsewhere, closing the sheet and closing the tab ask first. */

type Guard = {
  /** Whether the form may be left; asks where something would be lost. */
  readonly mayLeave: () => Promise<boolean>
  /** Says that it is saved, before going on. */
  readonly saved: () => void
}

const usualQuestion: Question = {
  title: 'Leave without saving?',
  text: 'What you changed here will be lost.',
  yes: 'Discard changes',
  no: 'Keep editing',
}

export function useUnsavedChanges(changed: boolean, question = usualQuestion): Guard {
  // Asked in the moment of leaving, before anything is drawn again.
  const isOver = useRef(false)
  useEffect(() => {
    if (!changed) isOver.current = false
  }, [changed])
  const mayLeave = async () => {
    if (!changed || isOver.current) return true
    isOver.current = await ask(question)
    return isOver.current
  }
  useBlocker({
    shouldBlockFn: async () => !(await mayLeave()),
    enableBeforeUnload: () => changed && !isOver.current,
  })
  return {
    mayLeave,
    saved: () => {
      isOver.current = true
    },
  }
}
