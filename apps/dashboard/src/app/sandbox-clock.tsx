import { Clock } from 'lucide-react'
import { useEnvironmentSettings } from '../api/settings.ts'
import { cn } from '../ui/cn.ts'
import { Time } from '../ui/time.tsx'

/** What time the sandbox believes it is: what is created there is dated by it. */
export function SandboxClock() {
  const { data } = useEnvironmentSettings('sandbox')
  if (data === undefined) return null
  const { simulatedTime } = data
  return (
    <p
      className={cn(
        'flex items-center gap-1.5 text-sm text-sandbox',
        simulatedTime === null ? 'max-sm:sr-only' : 'max-sm:order-last max-sm:basis-full max-sm:pt-1',
      )}
    >
      <Clock aria-hidden="true" className="size-4 shrink-0" />
      Test clock: {simulatedTime === null ? 'real time' : <Time at={simulatedTime} />}
    </p>
  )
}
