import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { chromium, type Page } from 'playwright-core'
import { startLiveServer } from '../../../scripts/live-server.ts'
import { root } from '../../../scripts/run-programs.ts'

/** `npm run screenshots`: pictures of the dashboard with the demo data, light and dark, into docs/screenshots. */

const folder = path.join(root, 'docs/screenshots')
const asRoot = process.getuid?.() === 0

/** Those that stand side by side in the README are equally high, and each ends between two cards. */
const [firstRow, secondRow] = [791, 852]

type Picture = readonly [name: string, height: number, open: (page: Page) => Promise<unknown>]

/** Each picture, and how to get to what it shows from the start page of the sandbox. */
const pictures: readonly Picture[] = [
  ['home', firstRow, (page) => page.getByRole('heading', { level: 1 }).waitFor()],
  [
    'customers',
    firstRow,
    async (page) => {
      await page.getByRole('link', { name: 'Customers', exact: true }).click()
      await page.getByRole('row').nth(5).waitFor()
    },
  ],
  [
    'customer',
    secondRow,
    async (page) => {
      await page.getByRole('link', { name: 'Customers', exact: true }).click()
      await page.getByRole('link', { name: 'Tane Walker' }).click()
      await page.getByRole('button', { name: 'Edit', exact: true }).waitFor()
    },
  ],
  [
    'edit',
    secondRow,
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
  const page = await browser.newPage({ reducedMotion: 'reduce' })
  await makeOwner(page, server.ownerLink)
  await mkdir(folder, { recursive: true })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const [name, height, open] of pictures) {
      await page.setViewportSize({ width: 1280, height })
      await page.goto(`${server.address}/sandbox`)
      await open(page)
      await page.waitForLoadState('networkidle')
      await assertWholeCards(page, name, height)
      await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}.png`) })
    }
  }
} finally {
  await browser.close()
  await server.stop()
}

/** A page that has grown since the heights were chosen ends in the middle of a card. */
async function assertWholeCards(page: Page, name: string, height: number): Promise<void> {
  for (const card of await page.locator('main [data-slot=card]').all()) {
    const box = await card.boundingBox()
    if (box === null || box.y > height || box.y + box.height <= height) continue
    throw new Error(
      `The picture ${name} cuts through a card that ends at ${box.y + box.height}, not ${height}`,
    )
  }
}

async function makeOwner(page: Page, link: string): Promise<void> {
  await page.goto(link)
  await page.getByLabel('Name', { exact: true }).fill('Mary Somerville')
  await page.getByLabel('E-mail address').fill('mary@example.com')
  await page.getByLabel('Password').fill('the mechanism of the heavens')
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.getByRole('navigation', { name: 'Pages' }).waitFor()
}
