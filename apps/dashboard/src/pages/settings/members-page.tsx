import type { Session } from '@commet/contract'
import { useRef, useState } from 'react'
import { useEnvironment } from '../../api/environment.ts'
import { useSession } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { useListKeys } from '../../ui/list-keys.ts'
import { PageHeader } from '../../ui/page-header.tsx'
import { InvitationList } from './invitation-list.tsx'
import { InviteSheet } from './invite-sheet.tsx'
import { MemberList } from './member-list.tsx'
import { mayManage } from './roles.ts'

/** The people of the organization, and those who are invited. */
export function MembersPage() {
  const environment = useEnvironment()
  const session = useSession(environment)
  if (session.data === undefined) return null
  if (!mayManage(session.data.role)) {
    return (
      <>
        <PageHeader title="Members" />
        <p>Your role is {session.data.role}. Owners and admins see and invite people.</p>
      </>
    )
  }
  return <People self={session.data} />
}

/** Both lists are one for `j` and `k`. */
function People({ self }: { readonly self: Session }) {
  const [inviting, setInviting] = useState(false)
  const lists = useRef<HTMLDivElement>(null)
  useListKeys(lists)
  return (
    <>
      <PageHeader title="Members">
        <Button variant="primary" onClick={() => setInviting(true)}>
          Invite a person
        </Button>
      </PageHeader>
      <div ref={lists}>
        <MemberList self={self} list={lists} />
        <InvitationList list={lists} />
      </div>
      {inviting && <InviteSheet self={self} onClose={() => setInviting(false)} />}
    </>
  )
}
