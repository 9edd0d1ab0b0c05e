import type { Customer } from '@commet/node'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import { ArrowRightLeft, Hash, Keyboard, type LucideIcon, UserRound } from 'lucide-react'
import {
  type ClipboardEvent,
  type ReactNode,
  useDeferredValue,
  useEffect,
  useEffectEvent,
  useState,
} from 'react'
import { clientOf } from '../api/client.ts'
import { type Environment, otherThan, useEnvironment } from '../api/environment.ts'
import { messageOf } from '../api/failures.ts'
import { Failure } from '../ui/failure.tsx'
import { BareDialog } from '../ui/modal.tsx'
import { pagesOfIds, sections } from './navigation.ts'
import { open } from './overlay.ts'

/** Finds customers and pages. An ID that is pasted opens what it names. */

type Props = { readonly onClose: () => void }

const searchLimit = 8

export function CommandPalette({ onClose }: Props) {
  const environment = useEnvironment()
  const [text, setText] = useState('')
  const [pasted, setPasted] = useState<string>()
  const wanted = text.trim()
  const places = usePlaces(environment, onClose)
  const looked = useDeferredValue(wanted)
  const customers = useFoundCustomers(environment, looked)
  const isAnswered = looked === wanted && !customers.isPlaceholderData && !customers.isPending
  const openPasted = useEffectEvent(() => {
    if (pasted === undefined || pasted !== wanted) return
    const customer = customers.data?.find(({ id, externalId }) => id === pasted || externalId === pasted)
    if (customer !== undefined) places.openCustomer(customer.id)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: looks again when the server has answered.
  useEffect(() => openPasted(), [customers.data, pasted])
  const onPaste = (event: ClipboardEvent) => {
    const id = event.clipboardData.getData('text').trim()
    setPasted(id)
    places.pageOf(id)?.run()
  }
  const byId = places.pageOf(wanted)
  const elsewhere = useElsewhere(environment, wanted, customers.data?.length === 0)
  const matching = places.all.filter(({ label }) => matches(label, wanted))
  const found =
    [byId, elsewhere].filter((one) => one !== undefined).length +
    (customers.data ?? []).length +
    matching.length
  return (
    <BareDialog label="Find a customer or a page" onClose={onClose}>
      <Command label="Find a customer or a page" shouldFilter={false} loop>
        <Command.Input
          data-autofocus
          value={text}
          maxLength={200}
          onValueChange={setText}
          onPaste={onPaste}
          placeholder="Name, e-mail address, any ID, or a page"
          className="min-h-12 w-full border-b bg-transparent px-4 outline-none placeholder:text-muted-foreground"
        />
        <Command.List className="max-h-[min(24rem,60dvh)] overflow-y-auto p-2" label="Results">
          {customers.isError && <Failure>{messageOf(customers.error)}</Failure>}
          {wanted !== '' && isAnswered && !customers.isError && (
            <Command.Empty className="p-3 text-muted-foreground">Nothing matches.</Command.Empty>
          )}
          {byId !== undefined && <Choice {...byId} />}
          {elsewhere !== undefined && (
            <Choice
              value="elsewhere"
              icon={ArrowRightLeft}
              label={`Open ${elsewhere.customer.fullName ?? elsewhere.customer.email} in ${elsewhere.environment}`}
              note={noteOf(elsewhere.customer)}
              run={() => places.openCustomer(elsewhere.customer.id, elsewhere.environment)}
            />
          )}
          {wanted !== '' && (customers.data ?? []).length > 0 && (
            <Group heading="Customers">
              {customers.data?.map((customer) => (
                <Choice
                  key={customer.id}
                  value={customer.id}
                  icon={UserRound}
                  label={customer.fullName ?? customer.email}
                  note={noteOf(customer)}
                  isFormer={!isAnswered}
                  run={() => places.openCustomer(customer.id)}
                />
              ))}
            </Group>
          )}
          {matching.length > 0 && (
            <Group heading="Pages">
              {matching.map((place) => (
                <Choice key={place.value} {...place} />
              ))}
            </Group>
          )}
        </Command.List>
      </Command>
      <p role="status" className="sr-only">
        {wanted !== '' && isAnswered && `${found} ${found === 1 ? 'result' : 'results'}`}
      </p>
    </BareDialog>
  )
}

type Place = {
  readonly value: string
  readonly label: string
  readonly icon: LucideIcon
  readonly note?: string
  readonly run: () => void
  /** Of an answer to what was typed before: it can be seen, and not chosen. */
  readonly isFormer?: boolean
}

/** Where the palette leads, apart from what it finds. */
function usePlaces(environment: Environment, onClose: () => void) {
  const navigate = useNavigate()
  const other = otherThan(environment)
  const pages = sections.flatMap(({ destinations }) =>
    destinations.map(({ to, label, icon }): Place => {
      const run = () => {
        onClose()
        void navigate({ to, params: { environment } })
      }
      return { value: to, label, icon, run }
    }),
  )
  const actions: readonly Place[] = [
    {
      value: 'switch',
      label: `Switch to ${other}`,
      icon: ArrowRightLeft,
      run: () => {
        onClose()
        void navigate({ to: '/$environment', params: { environment: other } })
      },
    },
    { value: 'shortcuts', label: 'Keyboard shortcuts', icon: Keyboard, run: () => open('shortcuts') },
  ]
  return {
    all: [...pages, ...actions],
    openCustomer: (id: string, where = environment) => {
      onClose()
      void navigate({ to: '/$environment/customers/$id', params: { environment: where, id } })
    },
    /** The page that shows the thing of an ID; undefined where the text is none, or a customer's, which is searched for. */
    pageOf: (id: string): Place | undefined => {
      const page = pagesOfIds.find(({ prefix }) => id.startsWith(prefix) && /^[a-z]+_[0-9a-z]{26}$/.test(id))
      if (page === undefined) return undefined
      const run = () => {
        onClose()
        void navigate({ to: page.to, params: { environment, id }, hash: id })
      }
      return { value: 'id', label: `Open ${id}`, icon: Hash, run }
    },
  }
}

/**
 * Whoever has exactly this user ID first, however many others have it within theirs. While the next answer is on its way, the
 * former stays.
 */
function useFoundCustomers(environment: Environment, text: string) {
  return useQuery({
    queryKey: [environment, 'customers', 'palette', text],
    queryFn: async ({ signal }) => {
      const { customers } = clientOf(environment)
      const [named, found] = await Promise.all([
        customers.list({ externalId: text, limit: 1 }, { signal }),
        customers.list({ search: text, limit: searchLimit }, { signal }),
      ])
      const others = found.data.filter(({ id }) => id !== named.data[0]?.id)
      return [...named.data, ...others].slice(0, searchLimit)
    },
    enabled: text !== '',
    placeholderData: (old) => old,
  })
}

/** A customer of the other environment, where the text is the whole ID of one: the two are never mixed, so it has to be chosen. */
function useElsewhere(environment: Environment, text: string, isNotHere: boolean) {
  const other = otherThan(environment)
  const { data } = useQuery({
    queryKey: [other, 'customer', text],
    queryFn: async ({ signal }) => (await clientOf(other).customers.get({ id: text }, { signal })).data,
    enabled: isNotHere && /^cus_[0-9a-z]{26}$/.test(text),
    retry: false,
  })
  return data === undefined || !isNotHere ? undefined : { customer: data, environment: other }
}

function noteOf({ fullName, email, externalId }: Customer): string {
  return [fullName === null ? null : email, externalId].filter((part) => part !== null).join(' · ')
}

/** Every word that was typed begins a word of the label. */
function matches(label: string, text: string): boolean {
  const words = label.toLowerCase().split(/\s+/)
  const typed = text.toLowerCase().split(/\s+/)
  return typed.every((part) => words.some((word) => word.startsWith(part)))
}

function Group({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-sm [&_[cmdk-group-heading]]:text-muted-foreground"
    >
      {children}
    </Command.Group>
  )
}

function Choice({ value, label, icon: Icon, note, run, isFormer = false }: Place) {
  return (
    <Command.Item
      value={value}
      onSelect={run}
      disabled={isFormer}
      className="flex min-h-9 cursor-pointer items-center gap-2 rounded px-2 py-1 data-[selected=true]:bg-muted [&_svg]:size-4 [&_svg]:shrink-0"
    >
      <Icon aria-hidden="true" />
      <span className="min-w-0 truncate">{label}</span>
      {note !== undefined && (
        <span className="ml-auto min-w-0 truncate text-sm text-muted-foreground">{note}</span>
      )}
    </Command.Item>
  )
}
