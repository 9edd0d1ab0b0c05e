import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { startLiveServer } from '../../../scripts/live-server.ts'
import { root } from '../../../scripts/run-programs.ts'

/** `npm run screenshots`: pictures of the dashboard with the demo data, light and dark, into docs/screenshots. */

const folder = path.join(root, 'docs/screenshots')
const asRoot = process.getuid?.() === 0

/** Each picture, and how to get to what it shows from the start page of the sandbox. */
const pictures: readonly (readonly [name: string, open: (page: Page) => Promise<unknown>])[] = [
  ['home', (page) => page.getByRole('heading', { level: 1 }).waitFor()],
  [
    'customers',
    async (page) => {
      await page.getByRole('link', { name: 'Customers', exact: true }).click()
      await page.getByRole('row').nth(5).waitFor()
    },
  ],
  [
    'customer',
    async (page) => {
      await page.getByRole('link', { name: 'Customers', exact: true }).click()
      await page.getByRole('link', { name: 'Tane Walker' }).click()
      await page.getByRole('button', { name: 'Edit', exact: true }).waitFor()
    },
  ],
  [
    'edit',
    async (page) => {
      await page.getByRole('link', { name: 'Customers', exact: true }).click()
      await page.getByRole('link', { name: 'Tane Walker' }).click()
      await page.getByRole('button', { name: 'Edit', exact: true }).click()
      await page.getByRole('dialog').waitFor()
    },
  ],
]

const server = await startLiveServer({ COMMET_DEMO: 'true' })
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: asRoot ? ['--no-sandbox', '--disable-dev-shm-usage'] : [],
})
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 600 }, reducedMotion: 'reduce' })
  await makeOwner(page, server.ownerLink)
  await mkdir(folder, { recursive: true })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const [name, open] of pictures) {
      await page.goto(`${server.address}/sandbox`)
      await open(page)
      await page.waitForLoadState('networkidle')
      await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}.png`) })
    }
  }
} finally {
  await browser.close()
  await server.stop()
}

async function makeOwner(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Name', { exact: true }).fill('Mary Somerville')
  await page.getByLabel('E-mail address').fill('mary@example.com')
  await page.getByLabel('Password').fill('the mechanism of the heavens')
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
}
