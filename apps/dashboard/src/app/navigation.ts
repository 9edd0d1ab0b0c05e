import {
  Building2,
  CalendarClock,
  FileUp,
  House,
  KeyRound,
  type LucideIcon,
  ScrollText,
  UserCog,
  Users,
} from 'lucide-react'

/** What can be gone to from everywhere: the navigation, the command palette and the test of every page read this table. */

export type Destination = {
  readonly to:
    | '/$environment'
    | '/$environment/customers'
    | '/$environment/imports'
    | '/$environment/api-keys'
    | '/$environment/requests'
    | '/$environment/api-version'
    | '/$environment/settings/organization'
    | '/$environment/settings/members'
  readonly label: string
  readonly icon: LucideIcon
}

export type Section = {
  readonly title?: string
  readonly destinations: readonly Destination[]
}

export const sections: readonly Section[] = [
  {
    destinations: [
      { to: '/$environment', label: 'Home', icon: House },
      { to: '/$environment/customers', label: 'Customers', icon: Users },
      { to: '/$environment/imports', label: 'Imports', icon: FileUp },
    ],
  },
  {
    title: 'Developers',
    destinations: [
      { to: '/$environment/api-keys', label: 'API keys', icon: KeyRound },
      { to: '/$environment/requests', label: 'Request log', icon: ScrollText },
      { to: '/$environment/api-version', label: 'API version', icon: CalendarClock },
    ],
  },
  {
    title: 'Settings',
    destinations: [
      { to: '/$environment/settings/organization', label: 'Organization', icon: Building2 },
      { to: '/$environment/settings/members', label: 'Members', icon: UserCog },
    ],
  },
]

type PageOfIds = {
  readonly prefix: string
  readonly to: Destination['to'] | '/$environment/requests/$id' | '/$environment/imports/$id'
}

/**
 * Where things of a kind are shown, by the prefix of their IDs: the page leads to the row of `#<id>`, unless it is the
 * thing's own. Customers are found by searching.
 */
export const pagesOfIds: readonly PageOfIds[] = [
  { prefix: 'imp_', to: '/$environment/imports/$id' },
  { prefix: 'key_', to: '/$environment/api-keys' },
  { prefix: 'mem_', to: '/$environment/settings/members' },
  { prefix: 'org_', to: '/$environment/settings/organization' },
  { prefix: 'inv_', to: '/$environment/settings/members' },
  { prefix: 'req_', to: '/$environment/requests/$id' },
]
