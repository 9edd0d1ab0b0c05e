import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

/** Holds the place of what is still coming. Said to nobody: who loads says so. */
export function Skeleton({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      aria-hidden="true"
      data-slot="skeleton"
      className={cn('h-5 motion-safe:animate-pulse rounded bg-muted', className)}
      {...props}
    />
  )
}
