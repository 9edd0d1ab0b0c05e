import { Tabs as Parts } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

/** Several views of one thing, one at a time: arrows move between their names. */

export function Tabs({ className, ...props }: ComponentProps<typeof Parts.Root>) {
  return <Parts.Root data-slot="tabs" className={cn('grid gap-3', className)} {...props} />
}

export function TabsList({ className, ...props }: ComponentProps<typeof Parts.List>) {
  return (
    <Parts.List
      data-slot="tabs-list"
      className={cn('flex flex-wrap gap-1 rounded-md bg-muted p-1', className)}
      {...props}
    />
  )
}

export function TabsTrigger({ className, ...props }: ComponentProps<typeof Parts.Trigger>) {
  return (
    <Parts.Trigger
      data-slot="tabs-trigger"
      className={cn(
        'min-h-8 rounded px-3 text-sm text-muted-foreground hover:text-foreground data-[state=active]:bg-background data-[state=active]:font-medium data-[state=active]:text-foreground',
        className,
      )}
      {...props}
    />
  )
}

export function TabsContent({ className, ...props }: ComponentProps<typeof Parts.Content>) {
  return (
    <Parts.Content
      data-slot="tabs-content"
      // What is in it can be reached by keyboard itself.
      tabIndex={-1}
      className={cn('min-w-0', className)}
      {...props}
    />
  )
}
