import { loggedCall, type SnippetRequest, snippetsOf } from '@commet/codegen/snippets'
import { useMemo, useState } from 'react'
import { useEnvironment } from '../api/environment.ts'
import { Code } from '../ui/code.tsx'
import { CopyButton } from '../ui/copyable.tsx'
import { Tabs, TabsContent, TabsList, TabsTrigger } from '../ui/tabs.tsx'

/** The snippets of a call, a tab for each language. Loaded when they are asked for. */

type Props = Pick<SnippetRequest, 'operation'> & { readonly input: NonNullable<SnippetRequest['input']> }

export function Snippets({ operation, input }: Props) {
  const environment = useEnvironment()
  const [language, setLanguage] = useLanguage()
  const snippets = useMemo(
    () => snippetsOf({ operation, input, baseUrl: location.origin }),
    [operation, input],
  )
  const { id: shown = 'curl' } = snippets.find(({ id }) => id === language) ?? {}
  return (
    <Tabs value={shown} onValueChange={setLanguage}>
      <p>
        Runs as it stands, with a {environment} API key in the variable <code>COMMET_API_KEY</code>.
      </p>
      <TabsList aria-label="Language">
        {snippets.map(({ id, name }) => (
          <TabsTrigger key={id} value={id}>
            {name}
          </TabsTrigger>
        ))}
      </TabsList>
      {snippets.map(({ id, name, code }) => (
        <TabsContent key={id} value={id} className="grid grid-cols-[minmax(0,1fr)] gap-2">
          <div>
            <CopyButton text={code} label={`the code for ${name}`} />
          </div>
          <Code>{code}</Code>
        </TabsContent>
      ))}
    </Tabs>
  )
}

type LoggedProps = { readonly method: string; readonly path: string }

/** What the log keeps of a request. */
export function LoggedSnippets({ method, path }: LoggedProps) {
  const call = loggedCall(method, path)
  if (call === undefined) return <p>Only people do this, here: no API key may, so there is no code for it.</p>
  return (
    <div className="grid gap-3">
      <p>Filters and bodies are not kept: put in your own.</p>
      <Snippets {...call} />
    </div>
  )
}

const storageKey = 'commet.snippets.language'

/** The language that was looked at last; this browser remembers. */
function useLanguage(): readonly [string | null, (language: string) => void] {
  const [language, setLanguage] = useState(() => localStorage.getItem(storageKey))
  const choose = (next: string) => {
    localStorage.setItem(storageKey, next)
    setLanguage(next)
  }
  return [language, choose]
}
