import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

const badgeVariants = cva('inline-flex items-center rounded-full border px-2 text-sm whitespace-nowrap', {
  variants: {
    variant: {
      neutral: 'border-border text-muted-foreground',
      success: 'border-success text-success',
      warning: 'border-sandbox text-sandbox',
      destructive: 'border-destructive text-destructive',
    },
  },
  defaultVariants: { variant: 'neutral' },
})

/** A word about the state of something. */
export function Badge({
  variant,
  className,
  ...props
}: ComponentProps<'span'> & VariantProps<typeof badgeVariants>) {
  return <span data-slot="badge" className={cn(badgeVariants({ variant }), className)} {...props} />
}
