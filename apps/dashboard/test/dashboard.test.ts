import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { prepareDashboard } from '@commet/server/dashboard-build'
import { startTestServer, type TestServer } from '@commet/testkit'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

/** The pages in Debian's Chromium, against a real server. Skipped where there is no Chromium. */

const executablePath = '/usr/bin/chromium'
const inBrowser = test.skipIf(!existsSync(executablePath) && process.env.CI !== 'true')
const patience = 90_000
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const screenshots = process.env.COMMET_TEST_SCREENSHOTS

let browser: Browser
let server: TestServer
let context: BrowserContext
let page: Page
let problems: string[]

beforeAll(async () => {
  const asRoot = process.getuid?.() === 0
  browser = await chromium.launch({
    executablePath,
    args: asRoot ? ['--no-sandbox', '--disable-dev-shm-usage'] : [],
  })
  server = await startTestServer({ dashboard: prepareDashboard() })
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})
beforeEach(async () => {
  context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  page = await context.newPage()
  problems = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (line) => {
    if (/Content Security Policy|React/.test(line.text())) problems.push(line.text())
  })
})
afterEach(async () => {
  await context.close()
  expect(problems).toEqual([])
})

const at = (address: string) => page.goto(server.address + address)
const field = (label: string) => page.getByLabel(label, { exact: true })
const button = (name: string) => page.getByRole('button', { name, exact: true })
const sees = (text: string) => page.getByText(text).first().waitFor()

/** Opens the pages as a member of a new organization. */
async function signedIn(role: 'owner' | 'admin' | 'member' = 'owner') {
  const organization = await server.organization()
  const { cookie } = await server.person(organization, role)
  const [name = '', value = ''] = cookie.split('=')
  await context.addCookies([{ name, value, url: server.address, httpOnly: true, sameSite: 'Lax' }])
  return organization
}

/** No violation of axe in light and dark, at 1440 and 390 pixels, and nothing that scrolls sideways. */
async function expectAccessible(name: string): Promise<void> {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme })
      const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect([name, width, wide]).toEqual([name, width, 0])
      expect([name, width, colorScheme, await violations()]).toEqual([name, width, colorScheme, []])
      if (screenshots === undefined) continue
      await mkdir(screenshots, { recursive: true })
      await page.screenshot({ path: path.join(screenshots, `${name}-${width}-${colorScheme}.png`) })
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

async function violations(): Promise<readonly string[]> {
  await page.evaluate(`(${loadAxe})(${JSON.stringify(await axeText())})`)
  const found = await page.evaluate('axe.run().then(({ violations }) => violations)')
  return (found as { id: string; nodes: { html: string }[] }[]).map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  )
}

const loadAxe = '(text) => { if (globalThis.axe === undefined) (0, eval)(text) }'
const axeText = () => readFile(axe, 'utf8')

describe('coming in', () => {
  inBrowser(
    'the owner link makes the account, signs in and out, and works once',
    { timeout: patience },
    async () => {
      const token = await server.ownerLink()
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
      await page.getByText('Grace Hopper').click()
      await button('Sign out').click()
      await page.waitForURL('**/sign-in')
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
    },
  )

  inBrowser('nobody sees a page without a session', { timeout: patience }, async () => {
    await at('/live/customers')
    await page.waitForURL('**/sign-in')
  })
})

describe('customers', () => {
  inBrowser(
    'are created, found, opened and edited, with what is wrong next to its field',
    { timeout: patience },
    async () => {
      await signedIn()
      await at('/sandbox/customers')
      await button('New customer').click()
      await field('E-mail address').last().fill('ada')
      await button('Create customer').click()
      await sees('Invalid email format')
      await expectAccessible('create')
      await page.getByRole('dialog').getByLabel('E-mail address').fill('ada@example.com')
      await page.getByRole('dialog').getByLabel('Name').fill('Ada Lovelace')
      await button('Create customer').click()
      await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
      await button('Edit').click()
      await field('Tax ID').fill('30-71234567-8')
      page.once('dialog', (question) => void question.dismiss())
      await button('Close').click()
      await button('Save changes').click()
      await sees('30-71234567-8')
      await expectAccessible('customer')
    },
  )

  inBrowser(
    'are searched as one types, and the address restores what was chosen',
    { timeout: patience },
    async () => {
      const { sandbox } = await signedIn()
      const customers = Array.from({ length: 60 }, (_, number) => ({
        email: `person${number}@example.com`,
        fullName: `Person ${number}`,
        id: `user_${number}`,
      }))
      await sandbox.call('POST', '/api/v1/customers/batch', { body: { customers } })
      await at('/sandbox/customers')
      await page.getByRole('link', { name: 'Person 59', exact: true }).waitFor()
      expect(await page.getByRole('row').count()).toBe(51)
      await expectAccessible('list')
      await button('Show more').click()
      await page.getByRole('link', { name: 'Person 0', exact: true }).waitFor()
      await field('Search').fill('person42')
      await page.waitForURL('**search=person42')
      await expect.poll(() => page.getByRole('row').count()).toBe(2)
      await page.getByRole('link', { name: 'Person 42' }).click()
      await page.getByRole('heading', { name: 'Person 42' }).waitFor()
      await page.goBack()
      await expect.poll(() => page.getByRole('row').count()).toBe(2)
      expect(await field('Search').inputValue()).toBe('person42')
      await field('Search').fill('nobody at all')
      await sees('No customer matches')
      await at('/sandbox/customers?order=asc')
      await expect
        .poll(() =>
          page
            .getByRole('link', { name: /^Person/ })
            .first()
            .textContent(),
        )
        .toMatch(/Person/)
      await page.getByRole('link', { name: 'Live' }).click()
      await sees('No customers here yet')
    },
  )
})

inBrowser('an API key is made, shown once, and revoked', { timeout: patience }, async () => {
  await signedIn()
  await at('/live/api-keys')
  await button('New key').click()
  await button('Create key').click()
  await sees('must not be empty')
  await field('Name').fill('Backend')
  await button('Create key').click()
  await page.getByText(/^ck_live_[0-9a-z]{32}$/).waitFor()
  await expectAccessible('key')
  await button('Close').click()
  await expectAccessible('api-keys')
  page.once('dialog', (question) => void question.accept())
  await button('Revoke Backend').click()
  await expect.poll(() => page.getByText('Backend').count()).toBe(0)
})

inBrowser('a member who makes a key is told why not', { timeout: patience }, async () => {
  await signedIn('member')
  await at('/sandbox/api-keys')
  await button('New key').click()
  await field('Name').fill('Backend')
  await button('Create key').click()
  await sees('Your role is member')
})
