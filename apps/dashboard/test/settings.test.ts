import { describe, expect } from 'vitest'
import { inBrowser, openSite } from './browser.ts'

/** The organization and its people. */

const site = openSite()
const { at, button, field, sees, signedIn, expectAccessible } = site
const heading = (name: string) => site.page.getByRole('heading', { name, exact: true }).waitFor()
const row = (text: string) => site.page.getByRole('row').filter({ hasText: text })

/** Fills in the page of a link, in a profile of its own: nobody is signed in there. */
async function accept(link: string) {
  const context = await site.page.context().browser()?.newContext()
  const page = await context?.newPage()
  if (page === undefined) throw new Error('The browser is open')
  await page.goto(link)
  await page.getByLabel('Name', { exact: true }).fill('Ada Lovelace')
  await page.getByLabel('Password').fill('correct horse battery')
  await page.getByRole('button', { name: 'Join' }).click()
  return page
}

describe('members', () => {
  inBrowser(
    'come in by a link that is shown once, and are refused what their role does not allow',
    async () => {
      await signedIn()
      await at('/live/settings/members')
      await button('Invite a person').click()
      await field('E-mail address').fill('ada')
      await button('Make the link').click()
      await sees('must be an e-mail address')
      await expectAccessible('invite')
      await field('E-mail address').fill('ada@example.com')
      await button('Make the link').click()
      await heading('Link for ada@example.com')
      const link = (await site.page.getByText(/accept#/).textContent()) ?? ''
      await expectAccessible('invitation-link')
      await button('I have kept it').click()
      await row('ada@example.com').waitFor()
      await expectAccessible('members')

      const ada = await accept(link)
      await ada.getByRole('heading', { name: 'Customers' }).waitFor()
      await ada.goto(`${site.server.address}/live/settings/members`)
      await ada.getByText('Your role is member').waitFor()
      expect(await ada.getByRole('button', { name: 'Invite a person' }).count()).toBe(0)
      const refused = await ada.evaluate(`fetch('/api/v1/invitations', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'commet-environment': 'live' },
      body: JSON.stringify({ email: 'eve@example.com', role: 'owner' }),
    }).then(({ status }) => status)`)
      expect(refused).toBe(403)
      await ada.goto(`${site.server.address}/live/settings/organization`)
      await ada.getByText('Test organization').waitFor()
      expect(await ada.getByRole('button', { name: 'Save' }).count()).toBe(0)

      await site.page.reload()
      await field('Role of Ada Lovelace').selectOption('admin')
      await button('Change role').click()
      await expect
        .poll(async () => {
          await ada.goto(`${site.server.address}/live/settings/members`)
          return ada.getByRole('button', { name: 'Invite a person' }).isVisible()
        })
        .toBe(true)
      await button('Remove Ada Lovelace').click()
      await button('Remove member').click()
      await expect.poll(() => row('ada@example.com').count()).toBe(0)
      await ada.reload()
      await ada.waitForURL(/\/sign-in/)
      await ada.getByLabel('E-mail address').fill('ada@example.com')
      await ada.getByLabel('Password').fill('correct horse battery')
      await ada.getByRole('button', { name: 'Sign in' }).click()
      await ada.getByText('Your account belongs to no organization here. Ask for an invitation.').waitFor()
      await ada.context().close()
    },
  )

  inBrowser('keep an owner: a change that is refused is taken back with a message', async () => {
    await signedIn()
    await at('/sandbox/settings/members')
    await field('Role of Test person').selectOption('member')
    await button('Change role').click()
    await sees('keeps at least one owner')
    await expect.poll(() => field('Role of Test person').inputValue()).toBe('owner')
    await expectAccessible('refused')
  })

  inBrowser('who are owners are left to owners: an admin sees no button that would be refused', async () => {
    const organization = await site.server.organization()
    await site.server.person(organization, 'owner')
    await site.server.person(organization, 'member')
    await signedIn('admin', organization)
    await at('/sandbox/settings/members')
    await sees('Only an owner makes owners, and changes or removes one.')
    expect(await row('Owner').count()).toBe(1)
    expect(
      await row('Owner')
        .getByRole('button', { name: /^Remove/ })
        .count(),
    ).toBe(0)
    expect(await row('Owner').getByRole('combobox').count()).toBe(0)
    const open = site.page.getByRole('button', { name: /^Remove/ })
    expect(await open.count()).toBe(1)
    await open.click()
    await button('Remove member').click()
    await expect.poll(() => open.count()).toBe(0)
  })

  inBrowser('whose invitation is revoked do not get in', async () => {
    await signedIn()
    await at('/sandbox/settings/members')
    await button('Invite a person').click()
    await field('E-mail address').fill('eve@example.com')
    await button('Make the link').click()
    const link = (await site.page.getByText(/accept#/).textContent()) ?? ''
    await button('I have kept it').click()
    await button('Revoke eve@example.com').click()
    await expect.poll(() => row('eve@example.com').count()).toBe(0)
    await site.page.goto('about:blank')
    await site.page.goto(link)
    await sees('This link does not work')
  })
})

inBrowser('an organization is renamed, and a name that was not saved is not lost unasked', async () => {
  await signedIn()
  await at('/sandbox/settings/organization')
  await field('Name').fill('')
  await button('Save').click()
  await sees('must not be empty')
  await field('Name').fill('Analytical Engines')
  await site.page.getByRole('link', { name: 'Customers' }).click()
  await heading('Leave without saving?')
  await button('Keep editing').click()
  await button('Save').click()
  await sees('The organization was renamed')
  await expectAccessible('organization')
  await site.page.getByRole('link', { name: 'Live' }).click()
  await site.page.getByRole('link', { name: 'Organization' }).click()
  await expect.poll(() => field('Name').inputValue()).toBe('Analytical Engines')
})
