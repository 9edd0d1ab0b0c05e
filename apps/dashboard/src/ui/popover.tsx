import { Popover as Pop } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

/** A small panel behind a button, for a few fields. Never modal: see the menu. Drawn where the button is. */

export function Popover(props: Omit<ComponentProps<typeof Pop.Root>, 'modal'>) {
  return <Pop.Root modal={false} {...props} />
}

export const PopoverTrigger = Pop.Trigger

/** `aria-label` says what it is for. */
export function PopoverContent({ className, ...props }: ComponentProps<typeof Pop.Content>) {
  return (
    <Pop.Content
      data-slot="popover-content"
      sideOffset={4}
      collisionPadding={16}
      className={cn(
        'z-30 w-[calc(100vw-2rem)] max-w-md rounded-md border border-border bg-background p-4 text-foreground shadow-lg',
        className,
      )}
      {...props}
    />
  )
}
