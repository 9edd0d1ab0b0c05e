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
    await site.page.waitForURL('**/sign-in')
    await field('E-mail address').fill('grace@example.com')
    await field('Password').fill('not the password')
    await button('Sign in').click()
    await sees('do not belong together')
    await expectAccessible('sign-in')
    await field('Password').fill('correct horse battery')
    await button('Sign in').click()
    await sees('No customers here yet')
    await at(`/accept#${token}`)
    await sees('This link does not work')
  })

  inBrowser('nobody sees a page without a session', async () => {
    await at('/live/customers')
    await site.page.waitForURL('**/sign-in')
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
  await button('Close').click()
  await expectAccessible('api-keys')
  await button('Revoke Backend').click()
  await button('Revoke key').click()
  await expect.poll(() => site.page.getByText('Backend').count()).toBe(0)
})

inBrowser('a member sees the keys, and is told who makes and revokes them', async () => {
  await signedIn('member')
  await at('/sandbox/api-keys')
  await sees('Your role is member. Owners and admins make and revoke keys.')
  await site.page.getByRole('cell', { name: 'Test', exact: true }).waitFor()
  expect(await button('New key').count()).toBe(0)
  expect(await site.page.getByRole('button', { name: /^Revoke/ }).count()).toBe(0)
})
