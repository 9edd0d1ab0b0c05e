import type { Session } from '@commet/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { CircleUser, Keyboard, LogOut } from 'lucide-react'
import { messageOf } from '../api/failures.ts'
import { signOut } from '../api/session.ts'
import { Button } from '../ui/button.tsx'
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuLabel,
  DropdownMenuSeparator,
  DropdownMenuTrigger,
} from '../ui/dropdown-menu.tsx'
import { toast } from '../ui/toast.tsx'
import { open } from './overlay.ts'

/** Who is signed in, and the way out. */
export function AccountMenu({ name, email, role }: Pick<Session, 'name' | 'email' | 'role'>) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const leave = async (everywhere: boolean) => {
    try {
      await signOut(everywhere)
    } catch (error) {
      toast({ message: `You are still signed in. ${messageOf(error)}`, tone: 'failure' })
      return
    }
    queries.clear()
    await navigate({ to: '/sign-in' })
  }
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button variant="ghost" aria-label={`Account of ${name}`} className="max-w-40 px-2">
          <CircleUser aria-hidden="true" />
          <span className="truncate max-sm:hidden">{name}</span>
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="max-w-72">
        <DropdownMenuLabel>
          {email}, {role}
        </DropdownMenuLabel>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => open('shortcuts')}>
          <Keyboard aria-hidden="true" />
          Keyboard shortcuts
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => void leave(false)}>
          <LogOut aria-hidden="true" />
          Sign out
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => void leave(true)}>Sign out everywhere</DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  )
}
