import { cva, type VariantProps } from 'class-variance-authority'
import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

/** Also for links that look like buttons: `className={buttonVariants()}`. */
export const buttonVariants = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 rounded-md border font-medium whitespace-nowrap motion-safe:transition-colors disabled:opacity-60 aria-disabled:opacity-60 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        outline: 'border-border bg-background hover:bg-muted',
        primary: 'border-primary bg-primary text-primary-foreground hover:bg-primary/90',
        destructive: 'border-border bg-background text-destructive hover:bg-muted',
        ghost: 'border-transparent hover:bg-muted',
      },
      size: {
        default: 'min-h-9 px-3',
        sm: 'min-h-7 px-2 text-sm',
        icon: 'size-9',
      },
    },
    defaultVariants: { variant: 'outline', size: 'default' },
  },
)

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof buttonVariants>

export function Button({ variant, size, className, ...props }: ButtonProps) {
  return (
    <button
      type="button"
      data-slot="button"
      className={cn(buttonVariants({ variant, size }), className)}
      {...props}
    />
  )
}
