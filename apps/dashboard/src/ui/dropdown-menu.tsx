import { DropdownMenu as Menu } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

/**
 * A menu behind a button. Never modal: that would write a style into the page, which the policy forbids. Drawn where the
 * button is, so it belongs to the same part of the page, and lies over a dialog that it was opened in.
 */

export function DropdownMenu(props: Omit<ComponentProps<typeof Menu.Root>, 'modal'>) {
  return <Menu.Root modal={false} {...props} />
}

export const DropdownMenuTrigger = Menu.Trigger

export function DropdownMenuContent({ className, ...props }: ComponentProps<typeof Menu.Content>) {
  return (
    <Menu.Content
      data-slot="dropdown-menu-content"
      sideOffset={4}
      collisionPadding={8}
      className={cn(
        'z-30 grid min-w-44 rounded-md border border-border bg-background p-1 text-foreground shadow-lg',
        className,
      )}
      {...props}
    />
  )
}

export function DropdownMenuItem({ className, ...props }: ComponentProps<typeof Menu.Item>) {
  return <Menu.Item data-slot="dropdown-menu-item" className={cn(item, className)} {...props} />
}

export function DropdownMenuCheckboxItem({
  className,
  children,
  ...props
}: ComponentProps<typeof Menu.CheckboxItem>) {
  return (
    <Menu.CheckboxItem
      data-slot="dropdown-menu-checkbox-item"
      className={cn(item, 'relative pl-8', className)}
      {...props}
    >
      <Menu.ItemIndicator className="absolute left-2">
        <span aria-hidden="true">✓</span>
      </Menu.ItemIndicator>
      {children}
    </Menu.CheckboxItem>
  )
}

export function DropdownMenuLabel({ className, ...props }: ComponentProps<typeof Menu.Label>) {
  return (
    <Menu.Label
      data-slot="dropdown-menu-label"
      className={cn('px-2 py-1.5 text-sm break-words text-muted-foreground', className)}
      {...props}
    />
  )
}

export function DropdownMenuSeparator() {
  return <Menu.Separator data-slot="dropdown-menu-separator" className="my-1 h-px bg-border" />
}

const item =
  'flex min-h-8 cursor-pointer items-center gap-2 rounded px-2 py-1 outline-none select-none data-[disabled]:opacity-60 data-[highlighted]:bg-muted [&_svg]:size-4'
