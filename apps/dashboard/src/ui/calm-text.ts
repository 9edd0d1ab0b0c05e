import { useEffect, useRef, useState } from 'react'

/**
 * A text that is read out while what it tells of keeps changing: it changes at most once in `quietMs`, so that nobody is
 * talked over. An empty one, and the first after it, come at once.
 */
export function useCalmText(text: string, quietMs: number): string {
  const [calm, setCalm] = useState('')
  const changedAt = useRef(Number.NEGATIVE_INFINITY)
  useEffect(() => {
    if (text === calm) return
    const isFirst = text === '' || calm === ''
    const waitMs = isFirst ? 0 : changedAt.current + quietMs - performance.now()
    const change = () => {
      changedAt.current = performance.now()
      setCalm(text)
    }
    const timer = setTimeout(change, waitMs)
    return () => clearTimeout(timer)
  }, [text, calm, quietMs])
  return calm
}
