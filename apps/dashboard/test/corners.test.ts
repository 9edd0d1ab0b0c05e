import { describe, expect } from 'vitest'
import { inBrowser, openSite } from './browser.ts'

/** What the navigation does not lead to has no violation of axe either, in light and dark, at 1440 and 390 pixels. */

const site = openSite()
const { at, button, sees, signedIn, expectAccessible } = site
const heading = (name: string) => site.page.getByRole('heading', { name, exact: true }).waitFor()

describe('the ways in', () => {
  inBrowser('the page of an invitation, and of a link that does not work', async () => {
    const organization = await site.server.organization()
    const owner = await site.server.person(organization, 'owner')
    const body = { email: 'ada@example.com', role: 'member' }
    const { json } = await owner.sandbox('POST', '/api/v1/invitations', { body })
    await at(`/accept#${json.data.token}`)
    await heading('Join Test organization')
    await expectAccessible('accept-join')
    await at('/accept#nothing')
    await heading('This link does not work')
    await expectAccessible('accept-broken')
    await at(`/accept#${json.data.token}`)
    await heading('Join Test organization')
  })
})

describe('what is not there', () => {
  inBrowser('an address that leads nowhere', async () => {
    await signedIn()
    await at('/sandbox/nothing/here')
    await sees('There is nothing at this address')
    await expectAccessible('unknown-address')
  })

  inBrowser('a customer, an import and a request that are not there', async () => {
    await signedIn()
    for (const [address, message] of [
      ['/sandbox/customers/nobody', /no customer/i],
      ['/sandbox/imports/imp_00000000000000000000000000', /no import/i],
      ['/sandbox/requests/req_unknown', /no request/i],
    ] as const) {
      await at(address)
      await site.page.getByRole('alert').filter({ hasText: message }).waitFor()
      await expectAccessible(address.replaceAll('/', ' '))
    }
  })
})

inBrowser('every page as a member sees it', async () => {
  await signedIn('member')
  for (const [address, text] of [
    ['/sandbox/api-keys', 'Owners and admins make and revoke keys.'],
    ['/sandbox/api-version', 'Owners and admins change it.'],
    ['/sandbox/settings/organization', 'Test organization'],
    ['/sandbox/settings/members', 'Owners and admins see and invite people.'],
  ] as const) {
    await at(address)
    await sees(text)
    await expectAccessible(`member ${address.replaceAll('/', ' ')}`)
  }
})

describe('what lies over a page', () => {
  inBrowser('questions, also over a sheet', async () => {
    await signedIn()
    await at('/sandbox/api-keys')
    await button('Revoke Test').click()
    await heading('Revoke Test?')
    await expectAccessible('question')
    await button('Cancel').click()
    await button('New key').click()
    await site.page.getByLabel('Name', { exact: true }).fill('Shop')
    await button('Close').click()
    await heading('Leave without saving?')
    await expectAccessible('question-over-sheet')
  })

  inBrowser('the menu of the account, the columns and the filters', async () => {
    const { sandbox } = await signedIn()
    await sandbox.call('POST', '/api/v1/customers', { body: { email: 'ada@example.com' } })
    await at('/sandbox/customers')
    await site.page.getByRole('link', { name: 'ada@example.com' }).waitFor()
    await button('Account of Test person').click()
    await site.page.getByRole('menuitem', { name: 'Sign out everywhere' }).waitFor()
    await expectAccessible('account-menu')
    await site.page.keyboard.press('Escape')
    await button('Columns').click()
    await site.page.getByRole('menuitemcheckbox', { name: 'Metadata' }).waitFor()
    await expectAccessible('column-menu')
    await site.page.keyboard.press('Escape')
    await button('Filters').click()
    await button('Apply').waitFor()
    await expectAccessible('filters')
  })

  inBrowser('the pages behind their button on a narrow screen', async () => {
    await signedIn()
    await site.page.setViewportSize({ width: 390, height: 844 })
    await at('/sandbox/customers')
    await button('Menu').click()
    await site.page.getByRole('dialog').getByRole('link', { name: 'API keys' }).waitFor()
    await expectAccessible('drawer')
  })

  inBrowser('the note that the server is away', async () => {
    site.tolerate(/ERR_INTERNET_DISCONNECTED/)
    await signedIn()
    await at('/sandbox/customers')
    await sees('No customers here yet')
    await site.context.setOffline(true)
    await sees('The server cannot be reached. What is shown may be old')
    await expectAccessible('away')
    await site.context.setOffline(false)
    await expect.poll(() => site.page.getByText('What is shown may be old').count()).toBe(0)
  })
})
