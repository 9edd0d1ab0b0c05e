import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'
import { prepareDashboard } from '@commet/server/dashboard-build'
import { startTestServer, type TestOrganization, type TestServer } from '@commet/testkit'
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'

/** The pages in Debian's Chromium, against a real server. Skipped where there is no Chromium. */

const executablePath = '/usr/bin/chromium'
const patienceMs = 90_000
const stepMs = 15_000
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
/** Where to keep pictures of what is checked and of what failed; none where it is not set. */
const screenshots = process.env.COMMET_TEST_SCREENSHOTS

/** A test that needs a browser. */
export function inBrowser(name: string, work: () => Promise<void>): void {
  test.skipIf(!existsSync(executablePath) && process.env.CI !== 'true')(name, { timeout: patienceMs }, work)
}

export type Role = 'owner' | 'admin' | 'member'

export type Site = {
  readonly server: TestServer
  /** A fresh page of a fresh browser profile, for each test. */
  readonly page: Page
  readonly context: BrowserContext
  /** Goes to an address of the server, such as `/sandbox/customers`. */
  at(address: string): Promise<unknown>
  field(label: string): Locator
  button(name: string): Locator
  /** Waits until a text can be read. */
  sees(text: string): Promise<void>
  /** Opens the pages as a member of an organization: a new one, unless one is given. */
  signedIn(role?: Role, organization?: TestOrganization): Promise<TestOrganization>
  /** No violation of axe in light and dark, at 1440 and 390 pixels, and nothing that makes the page scroll sideways. */
  expectAccessible(name: string): Promise<void>
  /** Lets the test cause what the browser would complain about, such as requests that fail. */
  tolerate(complaint: RegExp): void
}

/** A server and a browser for the tests of a file. What the browser complains about fails the test. */
export function openSite(): Site {
  let browser: Browser
  let server: TestServer
  let context: BrowserContext
  let page: Page
  let problems: string[] = []
  let tolerated: RegExp[] = []

  beforeAll(async () => {
    browser = await launch()
    server = await startTestServer({ dashboard: prepareDashboard() })
  })
  afterAll(async () => {
    await browser.close()
    await server.stop()
  })
  beforeEach(async () => {
    context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      reducedMotion: 'reduce',
    })
    context.setDefaultTimeout(stepMs)
    page = await context.newPage()
    problems = []
    tolerated = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (line) => {
      if (/Content Security Policy|React/.test(line.text())) problems.push(line.text())
    })
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await keepScreenshot(page, `failed ${task.name}`)
    await context.close()
    expect(problems.filter((problem) => !tolerated.some((one) => one.test(problem)))).toEqual([])
  })

  return {
    get server() {
      return server
    },
    get page() {
      return page
    },
    get context() {
      return context
    },
    at: (address) => page.goto(server.address + address),
    field: (label) => page.getByLabel(label, { exact: true }),
    button: (name) => page.getByRole('button', { name, exact: true }),
    sees: (text) => page.getByText(text).first().waitFor(),
    signedIn: async (role = 'owner', given) => {
      const organization = given ?? (await server.organization())
      const { cookie } = await server.person(organization, role)
      const [name = '', value = ''] = cookie.split('=')
      await context.addCookies([{ name, value, url: server.address, httpOnly: true, sameSite: 'Lax' }])
      return organization
    },
    expectAccessible: (name) => expectAccessible(page, name),
    tolerate: (complaint) => {
      tolerated.push(complaint)
    },
  }
}

export function launch(): Promise<Browser> {
  const asRoot = process.getuid?.() === 0
  return chromium.launch({
    executablePath,
    args: asRoot ? ['--no-sandbox', '--disable-dev-shm-usage'] : [],
  })
}

async function expectAccessible(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height })
      await page.emulateMedia({ colorScheme })
      const wide = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
      expect([name, width, wide]).toEqual([name, width, 0])
      expect([name, width, colorScheme, await violations(page)]).toEqual([name, width, colorScheme, []])
      await keepScreenshot(page, `${name}-${width}-${colorScheme}`)
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

async function keepScreenshot(page: Page, name: string): Promise<void> {
  if (screenshots === undefined) return
  await mkdir(screenshots, { recursive: true })
  await page.screenshot({ path: path.join(screenshots, `${name}.png`) })
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(`(${loadAxe})(${JSON.stringify(await readFile(axe, 'utf8'))})`)
  const found = await page.evaluate('axe.run().then(({ violations }) => violations)')
  return (found as { id: string; nodes: { html: string }[] }[]).map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  )
}

const loadAxe = '(text) => { if (globalThis.axe === undefined) (0, eval)(text) }'
