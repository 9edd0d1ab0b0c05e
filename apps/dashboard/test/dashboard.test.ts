import { describe, expect } from 'vitest'
import { inBrowser, openSite } from './browser.ts'

/** The ways in, and API keys. */

const site = openSite()
const { at, button, field, sees, signedIn, expectAccessible } = site

describe('coming in', () => {
  inBrowser('the owner link makes the account, signs in and out, and works once', async () => {
    const token = await site.server.ownerLink()
    await at(`/accept#${token}`)
    await sees('Make the owner account')
    await field('Password').fill('short')
    await button('Make the account').click()
    await sees('must have at least 10 characters')
    await expectAccessible('accept')
    await field('Name').fill('Grace Hopper')
    await field('E-mail address').fill('grace@example.com')
    await field('Password').fill('correct horse battery')
    await button('Make the account').click()
    await sees('No customers here yet')
    await expectAccessible('empty')
    await site.page.getByText('Grace Hopper').click()
    await site.page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
    await site.page.waitForURL(/\/sign-in/)
    await field('E-mail address').fill('grace@example.com')
    await field('Password').fill('not the password')
    await button('Sign in').click()
    await sees('do not belong together')
    await expectAccessible('sign-in')
    await field('Password').fill('correct horse battery')
    await button('Sign in').click()
    await sees('No customers here yet')

    await site.context.clearCookies()
    await at('/live/requests?status=4xx')
    await site.page.waitForURL(/\/sign-in/)
    await field('E-mail address').fill('grace@example.com')
    await field('Password').fill('correct horse battery')
    await button('Sign in').click()
    await site.page.waitForURL('**/live/requests?status=4xx')
    await site.context.clearCookies()
    await at(`/sign-in?next=${encodeURIComponent('//elsewhere.example.com/sandbox')}`)
    await field('E-mail address').fill('grace@example.com')
    await field('Password').fill('correct horse battery')
    await button('Sign in').click()
    await site.page.waitForURL('**/sandbox/customers')
    await at(`/accept#${token}`)
    await sees('This link does not work')
  })

  inBrowser('signing out everywhere ends the other browser at its next call', async () => {
    const owner = await site.server.person(await site.server.organization())
    const invited = { email: 'ada@example.com', role: 'member' }
    const { json } = await owner.sandbox('POST', '/api/v1/invitations', { body: invited })
    await at(`/accept#${json.data.token}`)
    await field('Name').fill('Ada Lovelace')
    await field('Password').fill('correct horse battery')
    await button('Join').click()
    await sees('No customers here yet')

    const elsewhere = await site.context.browser()?.newContext()
    const other = await elsewhere?.newPage()
    if (other === undefined) throw new Error('The browser is open')
    await other.goto(`${site.server.address}/sign-in`)
    await other.getByLabel('E-mail address').fill('ada@example.com')
    await other.getByLabel('Password').fill('correct horse battery')
    await other.getByRole('button', { name: 'Sign in' }).click()
    await other.getByRole('heading', { name: 'Customers' }).waitFor()

    await button('Account of Ada Lovelace').click()
    await site.page.getByRole('menuitem', { name: 'Sign out everywhere' }).click()
    await site.page.waitForURL(/\/sign-in/)
    await other.getByRole('link', { name: 'API keys', exact: true }).first().click()
    await other.waitForURL(/\/sign-in/)
    const headers = JSON.stringify({ 'commet-environment': 'sandbox' })
    const asked = `fetch('/api/v1/session', { headers: ${headers} }).then(({ status }) => status)`
    expect(await other.evaluate(asked)).toBe(401)
    await elsewhere?.close()
  })

  inBrowser('nobody sees a page without a session', async () => {
    await at('/live/customers')
    await site.page.waitForURL(/\/sign-in/)
  })
})

inBrowser('an API key is made, shown once, and revoked', async () => {
  await signedIn()
  await at('/live/api-keys')
  await button('New key').click()
  await button('Create key').click()
  await sees('must not be empty')
  await field('Name').fill('Backend')
  await button('Create key').click()
  await site.page.getByText(/^ck_live_[0-9a-z]{32}$/).waitFor()
  await expectAccessible('key')
  await button('I have kept it').click()
  await expectAccessible('api-keys')
  await button('Revoke Backend').click()
  await button('Revoke key').click()
  await expect.poll(() => site.page.getByText('Backend').count()).toBe(0)
})

inBrowser('without keys the page shows what to send with one, and a key that is made appears', async () => {
  const organization = await signedIn()
  const colleague = await site.server.person(organization, 'admin')
  await at('/sandbox/api-keys')
  await button('Revoke Test').click()
  await button('Revoke key').click()
  await sees('No keys yet')
  const command = await site.page.locator('pre').textContent()
  expect(command).toContain(`curl -X POST ${site.server.address}/api/v1/customers`)
  await expectAccessible('api-keys-empty')
  await colleague.sandbox('POST', '/api/v1/api-keys', { body: { name: 'Shop' } })
  await site.page.getByRole('cell', { name: 'Shop', exact: true }).waitFor()
})

inBrowser('a name that was typed and a key that was not copied are not lost unasked', async () => {
  await signedIn()
  await site.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.server.address })
  await at('/sandbox/customers')
  await site.page.getByRole('link', { name: 'API keys', exact: true }).first().click()
  await button('New key').click()
  await field('Name').fill('Backend')
  await site.page.keyboard.press('Escape')
  await sees('Leave without saving?')
  await button('Keep editing').click()
  await button('Create key').click()
  const secret = await site.page.getByText(/^ck_sandbox_[0-9a-z]{32}$/).textContent()
  for (const leave of [
    () => site.page.keyboard.press('Escape'),
    () => button('Close').click(),
    () => site.page.evaluate('history.back()'),
  ]) {
    await leave()
    await sees('Close without copying it?')
    await button('Go back').click()
    await expect.poll(() => site.page.getByRole('dialog').count()).toBe(1)
  }
  await button(`Copy ${secret}`).click()
  await button('Close').click()
  await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
  expect(await site.page.evaluate('navigator.clipboard.readText()')).toBe(secret)
})

inBrowser('a member sees the keys, and is told who makes and revokes them', async () => {
  await signedIn('member')
  await at('/sandbox/api-keys')
  await sees('Your role is member. Owners and admins make and revoke keys.')
  await site.page.getByRole('cell', { name: 'Test', exact: true }).waitFor()
  expect(await button('New key').count()).toBe(0)
  expect(await site.page.getByRole('button', { name: /^Revoke/ }).count()).toBe(0)
})
