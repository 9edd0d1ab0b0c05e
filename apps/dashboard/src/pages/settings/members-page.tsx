import { useState } from 'react'
import { useEnvironment } from '../../api/environment.ts'
import { useSession } from '../../api/session.ts'
import { Button } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { InvitationList } from './invitation-list.tsx'
import { InviteSheet } from './invite-sheet.tsx'
import { MemberList } from './member-list.tsx'
import { mayManage } from './roles.ts'

/** The people of the organization, and those who are invited. */
export function MembersPage() {
  const environment = useEnvironment()
  const session = useSession(environment)
  const [inviting, setInviting] = useState(false)
  if (session.data === undefined) return null
  if (!mayManage(session.data.role)) {
    return (
      <>
        <PageHeader title="Members" />
        <p>Your role is {session.data.role}. Owners and admins see and invite people.</p>
      </>
    )
  }
  return (
    <>
      <PageHeader title="Members">
        <Button variant="primary" onClick={() => setInviting(true)}>
          Invite a person
        </Button>
      </PageHeader>
      <MemberList self={session.data} />
      <InvitationList />
      {inviting && <InviteSheet self={session.data} onClose={() => setInviting(false)} />}
    </>
  )
}
