import { CheckboxField } from '../ui/field.tsx'
import { Dialog } from '../ui/modal.tsx'
import { useShortcutList, useShortcutSetting } from '../ui/shortcuts.ts'
import { paletteModifier } from './overlay.ts'

/** The shortcuts of the page that is open, and the switch that turns them off. */
export function ShortcutHelp({ onClose }: { readonly onClose: () => void }) {
  const shortcuts = useShortcutList()
  const [on, turn] = useShortcutSetting()
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-6 gap-y-2">
        <Line keys={[paletteModifier, 'K']} does="Find a customer or a page" />
        <Line keys={['Enter']} does="Open the row" />
        <Line keys={['Esc']} does="Close, or leave the list" />
        {on && shortcuts.map(({ key, does }) => <Line key={key} keys={[key]} does={does} />)}
      </dl>
      <div className="mt-5">
        <CheckboxField
          label="Shortcuts of a single key"
          checked={on}
          onChange={({ target }) => turn(target.checked)}
        />
      </div>
    </Dialog>
  )
}

function Line({ keys, does }: { readonly keys: readonly string[]; readonly does: string }) {
  return (
    <>
      <dt className="flex gap-1">
        {keys.map((key) => (
          <kbd key={key} className="min-w-7 rounded border bg-muted px-1.5 text-center text-sm">
            {key}
          </kbd>
        ))}
      </dt>
      <dd>{does}</dd>
    </>
  )
}
