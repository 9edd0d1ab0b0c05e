import type { ReactNode } from 'react'

/** Where nothing is yet: what would be here, and the next step. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div
      data-slot="empty"
      className="flex flex-col items-start gap-3 rounded-lg border border-dashed border-border p-6 *:max-w-full"
    >
      <p className="font-medium">{title}</p>
      {children}
    </div>
  )
}
