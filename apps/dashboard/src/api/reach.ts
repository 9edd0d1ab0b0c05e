import { useSyncExternalStore } from 'react'

/** Whether the server answers. A request that got no proper answer asks its health; while that is bad, it is asked again. */

const askAgainMs = 1_000
const listeners = new Set<() => void>()
let away = false
let asking = false

/** Sends, and notices what says that the server is away. */
export const watchedFetch = async (url: string, init: RequestInit): Promise<Response> => {
  try {
    const answer = await fetch(url, init)
    if (answer.status >= 500) void askHealth()
    return answer
  } catch (error) {
    if (init.signal?.aborted !== true) void askHealth()
    throw error
  }
}

export function useIsAway(): boolean {
  return useSyncExternalStore(subscribe, () => away)
}

/** Calls back each time the server is there again. */
export function onReturn(back: () => void): () => void {
  let before = away
  return subscribe(() => {
    if (before && !away) back()
    before = away
  })
}

/** Resolves when the server answers; true where that had to be waited for. */
export async function untilThere(): Promise<boolean> {
  if (await isHealthy()) return false
  set(true)
  const back = new Promise<void>((resolve) => {
    const stop = onReturn(() => {
      stop()
      resolve()
    })
  })
  void askHealth()
  await back
  return true
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

async function askHealth(): Promise<void> {
  if (asking) return
  asking = true
  while (!(await isHealthy())) {
    set(true)
    await new Promise((resolve) => setTimeout(resolve, askAgainMs))
  }
  asking = false
  set(false)
}

async function isHealthy(): Promise<boolean> {
  return await fetch('/health', { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  )
}

function set(next: boolean): void {
  if (away === next) return
  away = next
  for (const tell of listeners) tell()
}
