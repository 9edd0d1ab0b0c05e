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
  const banner = () => site.page.getByText('The server cannot be reached. What is shown may be old')
  const failedPage = () => site.page.getByRole('heading', { name: 'This page could not be shown' })
  const cannotBeReached =
    /ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch dynamically|error loading dynamically/

  inBrowser('is said once, and the page goes on by itself when it is back', async () => {
    site.tolerate(cannotBeReached)
    await withSomething()
    await at('/sandbox/customers')
    await onPage('Ada Lovelace').waitFor()
    await site.context.setOffline(true)
    await site.page.getByLabel('Search', { exact: true }).fill('nobody')
    await banner().waitFor()
    expect(await banner().count()).toBe(1)
    await site.context.setOffline(false)
    await banner().waitFor({ state: 'detached' })
    await site.page.getByText('No customer matches').first().waitFor()
  })

  inBrowser('keeps nobody from the pages: they were loaded while nothing else happened', async () => {
    site.tolerate(cannotBeReached)
    await withSomething()
    const last = site.page.waitForResponse(/assets\/snippets-/)
    await at('/sandbox/customers')
    await last
    await site.page.waitForLoadState('networkidle')
    await site.context.setOffline(true)
    for (const [label] of await destinations()) {
      await onPage(label).click()
      await site.page.getByRole('heading', { level: 1, name: label, exact: true }).waitFor()
    }
  })

  inBrowser(
    'leaves word on a page that is not loaded yet, which comes by itself when it is back',
    async () => {
      site.tolerate(cannotBeReached)
      await withSomething()
      await site.page.route(/assets\/members-page-/, (route) => route.abort())
      await at('/sandbox/customers')
      await onPage('Ada Lovelace').waitFor()
      await site.page.route('**/*', (route) => route.abort())
      await onPage('Members').click()
      await failedPage().waitFor()
      await site.page.getByText('It may be restarting').waitFor()
      await site.page.unrouteAll()
      await site.page.getByRole('heading', { level: 1, name: 'Members', exact: true }).waitFor()
    },
  )

  inBrowser('is asked for a page that is missing once, and not over and over', async () => {
    site.tolerate(cannotBeReached)
    await withSomething()
    let documents = 0
    site.page.on('request', (request) => {
      if (request.resourceType() === 'document') documents += 1
    })
    await site.page.route(/assets\/members-page-/, (route) => route.abort())
    await at('/sandbox/settings/members')
    await failedPage().waitFor()
    await expect.poll(() => documents).toBe(2)
    await failedPage().waitFor()
    await expectAccessible('page that could not be loaded')
    await site.page.unrouteAll()
    await site.page.getByRole('button', { name: 'Load it again' }).click()
    await site.page.getByRole('heading', { level: 1, name: 'Members', exact: true }).waitFor()
    expect(documents).toBe(3)
  })

  inBrowser('is said over a dialog that is open, and so is what could not be done', async () => {
    site.tolerate(cannotBeReached)
    await withSomething()
    await at('/sandbox/customers')
    await site.page.getByRole('button', { name: 'New customer' }).click()
    const sheet = site.page.getByRole('dialog')
    await sheet.getByLabel('E-mail address', { exact: true }).fill('grace@example.com')
    await site.context.setOffline(true)
    await sheet.getByRole('button', { name: 'Create customer', exact: true }).click()
    await sheet.getByText('The server cannot be reached. What is shown may be old').waitFor()
    const onTop = await site.page.evaluate('document.elementFromPoint(innerWidth / 2, 12).textContent')
    expect(onTop).toContain('The server cannot be reached')
    await site.context.setOffline(false)
    await banner().waitFor({ state: 'detached' })
  })

  inBrowser('lets nobody believe that they are signed out', async () => {
    site.tolerate(cannotBeReached)
    await withSomething()
    await at('/sandbox/customers')
    await onPage('Ada Lovelace').waitFor()
    await site.context.setOffline(true)
    await site.page.getByRole('button', { name: /^Account of/ }).click()
    await site.page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
    await site.page.getByText('You are still signed in.').waitFor()
    expect(new URL(site.page.url()).pathname).toBe('/sandbox/customers')
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
