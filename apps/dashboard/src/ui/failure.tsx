import type { ReactNode } from 'react'

/** What went wrong, said at once. */
export function Failure({ children }: { readonly children: ReactNode }) {
  return (
    <p
      role="alert"
      data-slot="failure"
      className="rounded-md border border-destructive px-3 py-2 text-destructive"
    >
      {children}
    </p>
  )
}
