/** Lines to read or to copy; what is too wide scrolls, by keyboard too. */
export function Code({ children }: { readonly children: string }) {
  return (
    <pre
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
      tabIndex={0}
      data-slot="code"
      className="overflow-x-auto rounded-md border border-border bg-muted p-3 text-sm"
    >
      {children}
    </pre>
  )
}
