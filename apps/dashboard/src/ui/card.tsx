import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn.ts'

/** A part of a page with a heading of its own. */
export function Card({
  title,
  actions,
  className,
  children,
  ...props
}: Omit<ComponentProps<'section'>, 'title'> & { readonly title?: ReactNode; readonly actions?: ReactNode }) {
  return (
    <section
      data-slot="card"
      className={cn('rounded-lg border border-border bg-background p-4 sm:p-5', className)}
      {...props}
    >
      {title !== undefined && (
        <div className="mb-3 flex flex-wrap items-center justify-between gap-2">
          <h2 className="text-lg font-semibold">{title}</h2>
          {actions}
        </div>
      )}
      {children}
    </section>
  )
}
