import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation, useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import { fieldErrorsOf, messageOf } from '../../api/failures.ts'
import { acceptLink, readLink, signIn } from '../../api/session.ts'
import { useHeadingFocus } from '../../ui/arrival.ts'
import { Button } from '../../ui/button.tsx'
import { Failure } from '../../ui/failure.tsx'
import { Field } from '../../ui/field.tsx'

/** The ways in: signing in, and the page of a link. */

function Frame({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useHeadingFocus(heading)
  useEffect(() => {
    document.title = `${title} · Commet`
  }, [title])
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-sm content-center gap-5 p-6">
      <h1 ref={heading} tabIndex={-1} className="text-2xl font-semibold">
        {title}
      </h1>
      {children}
    </main>
  )
}

function valuesOf(event: FormEvent<HTMLFormElement>): Record<string, string> {
  event.preventDefault()
  return Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>
}

/** Goes on to where somebody was going, or to the customers. */
function useEntrance(enter: (values: Record<string, string>) => Promise<unknown>, next?: string) {
  const navigate = useNavigate()
  const { history } = useRouter()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: enter,
    onSuccess: async () => {
      queries.clear()
      if (next !== undefined) history.push(next)
      else await navigate({ to: '/$environment/customers', params: { environment: 'sandbox' } })
    },
  })
}

export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' })
  const entrance = useEntrance(signIn, next)
  const errors = fieldErrorsOf(entrance.error)
  return (
    <Frame title="Sign in">
      <form className="grid gap-4" noValidate onSubmit={(event) => entrance.mutate(valuesOf(event))}>
        <Field
          label="E-mail address"
          name="email"
          type="email"
          autoComplete="username"
          error={errors.email}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          error={errors.password}
        />
        {entrance.isError && Object.keys(errors).length === 0 && (
          <Failure>{messageOf(entrance.error)}</Failure>
        )}
        <Button variant="primary" type="submit" disabled={entrance.isPending}>
          Sign in
        </Button>
      </form>
      <p className="text-sm text-muted-foreground">
        Accounts are made by invitation. The link for the first owner is printed when the server starts.
      </p>
    </Frame>
  )
}

/** The secret stays behind the # and out of every log. */
export function AcceptPage() {
  const token = useLocation({ select: ({ hash }) => hash })
  const link = useQuery({ queryKey: ['link', token], queryFn: () => readLink(token), retry: false })
  if (link.isPending) return <Frame title="Welcome">{null}</Frame>
  if (link.isError) {
    return (
      <Frame title="This link does not work">
        <Failure>{messageOf(link.error)}</Failure>
        <a href="/sign-in" className="underline">
          Sign in
        </a>
      </Frame>
    )
  }
  return <AcceptForm key={token} token={token} {...link.data} />
}

type AcceptProps = {
  readonly token: string
  readonly email: string | null
  readonly role: string
  readonly organization: string
}

function AcceptForm({ token, email, role, organization }: AcceptProps) {
  const entrance = useEntrance((values) => acceptLink({ token, ...values }))
  const errors = fieldErrorsOf(entrance.error)
  return (
    <Frame title={email === null ? 'Make the owner account' : `Join ${organization}`}>
      <p className="text-muted-foreground">
        {email === null
          ? 'The owner may do everything, and invites everybody else.'
          : `You were invited as ${role}. If you have an account already, give its password.`}
      </p>
      <form className="grid gap-4" noValidate onSubmit={(event) => entrance.mutate(valuesOf(event))}>
        <Field label="Name" name="name" autoComplete="name" error={errors.name} />
        <Field
          label="E-mail address"
          name="email"
          type="email"
          autoComplete="username"
          readOnly={email !== null}
          defaultValue={email ?? ''}
          error={errors.email}
        />
        <Field
          label="Password"
          name="password"
          type="password"
          autoComplete="new-password"
          hint="At least 10 characters."
          error={errors.password}
        />
        {entrance.isError && Object.keys(errors).length === 0 && (
          <Failure>{messageOf(entrance.error)}</Failure>
        )}
        <Button variant="primary" type="submit" disabled={entrance.isPending}>
          {email === null ? 'Make the account' : 'Join'}
        </Button>
      </form>
    </Frame>
  )
}
