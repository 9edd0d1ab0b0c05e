import { Link } from '@tanstack/react-router'
import { useEnvironment } from '../../api/environment.ts'
import { AsCode } from '../../snippets/as-code.tsx'
import { exampleCustomer, firstRequest } from '../../snippets/first-request.ts'
import { Code } from '../../ui/code.tsx'
import { CopyButton } from '../../ui/copyable.tsx'
import { Empty } from '../../ui/empty.tsx'

/** Where no customer is yet: the command that makes the first one, on this very server. The list looks out for it. */
export function FirstCustomer() {
  const environment = useEnvironment()
  const command = firstRequest(environment)
  return (
    <Empty title="No customers here yet">
      <p className="max-w-prose text-muted-foreground">
        Make one with the button above, or from your own server with an{' '}
        <Link to="/$environment/api-keys" params={{ environment }} className="underline">
          API key
        </Link>
        . It appears here as soon as it is there.
      </p>
      <div className="w-full min-w-0">
        <Code>{command}</Code>
      </div>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={command} label="the command" />
        <AsCode operation="customers.create" input={exampleCustomer} label="In your language" />
      </div>
    </Empty>
  )
}
