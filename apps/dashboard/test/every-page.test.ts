import { describe, expect } from 'vitest'
import { inBrowser, openSite } from './browser.ts'

/** What holds on every page that the navigation leads to, whichever pages there are. */

const site = openSite()
const { at, signedIn, expectAccessible } = site
const links = () => site.page.getByRole('navigation', { name: 'Pages' }).getByRole('link')
const onPage = (label: string) => site.page.getByRole('link', { name: label, exact: true })

/** Each entry of the navigation: its label and its address. */
async function destinations(): Promise<readonly (readonly [label: string, address: string])[]> {
  await links().first().waitFor()
  return await links().evaluateAll((all) =>
    all.map((link) => [link.textContent ?? '', link.getAttribute('href') ?? ''] as const),
  )
}

async function withSomething() {
  const organization = await signedIn()
  for (const { call } of [organization.sandbox, organization.live]) {
    await call('POST', '/api/v1/customers', {
      body: { email: 'ada@example.com', fullName: 'Ada Lovelace', metadata: { team: 'engines' } },
    })
  }
  return organization
}

describe('every page', () => {
  for (const environment of ['sandbox', 'live']) {
    inBrowser(
      `has no violation of axe in ${environment}, light and dark, at 1440 and 390 pixels`,
      async () => {
        await withSomething()
        await at(`/${environment}/customers`)
        for (const [label, address] of await destinations()) {
          await at(address)
          await site.page.getByRole('heading', { level: 1 }).waitFor()
          await site.page.waitForLoadState('networkidle')
          await expectAccessible(`page ${label} in ${environment}`)
        }
      },
    )
  }

  inBrowser(
    'has one first heading, a title of its own, both as in the navigation, and is the current one there',
    async () => {
      await withSomething()
      await at('/sandbox/customers')
      for (const [label] of await destinations()) {
        await onPage(label).click()
        await expect.poll(() => onPage(label).getAttribute('aria-current')).toBe('page')
        await site.page.getByRole('heading', { level: 1, name: label, exact: true }).waitFor()
        expect(await site.page.getByRole('heading', { level: 1 }).count()).toBe(1)
        await expect.poll(() => site.page.title()).toBe(`${label} · Commet`)
      }
    },
  )

  inBrowser('stays in its environment, and the switch leads to the same page of the other one', async () => {
    await withSomething()
    await at('/sandbox/customers')
    for (const [, address] of await destinations()) {
      expect(address).toMatch(/^\/sandbox/)
      await at(address)
      await site.page.getByRole('link', { name: 'Live', exact: true }).click()
      await site.page.waitForURL((url) => url.pathname === address.replace('/sandbox', '/live'))
      for (const [, there] of await destinations()) expect(there).toMatch(/^\/live/)
    }
  })
})

describe('a server that is away', () => {
  inBrowser('is said once, and the page goes on by itself when it is back', async () => {
    site.tolerate(/ERR_INTERNET_DISCONNECTED/)
    await withSomething()
    await at('/sandbox/customers')
    await onPage('Ada Lovelace').waitFor()
    const banner = site.page.getByText('The server cannot be reached. What is shown may be old')
    await site.context.setOffline(true)
    await site.page.getByLabel('Search', { exact: true }).fill('nobody')
    await banner.waitFor()
    expect(await banner.count()).toBe(1)
    await site.context.setOffline(false)
    await banner.waitFor({ state: 'detached' })
    await site.page.getByText('No customer matches').first().waitFor()
  })
})

inBrowser('on a narrow screen the pages lie behind a button, which a choice closes', async () => {
  await withSomething()
  await site.page.setViewportSize({ width: 390, height: 844 })
  await at('/sandbox/customers')
  await site.page.getByRole('button', { name: 'Menu' }).click()
  await site.page.getByRole('dialog').getByRole('link', { name: 'API keys' }).click()
  await site.page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor()
  await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
})
