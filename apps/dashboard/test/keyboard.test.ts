import type { Locator } from 'playwright-core'
import { describe, expect } from 'vitest'
import { inBrowser, openSite } from './browser.ts'

/** What is done by keyboard alone. */

const site = openSite()
const { at, button, field, sees, signedIn, expectAccessible } = site
const press = (key: string) => site.page.keyboard.press(key)
const heading = (name: string) => site.page.getByRole('heading', { name, exact: true }).waitFor()
const option = (name: string | RegExp) => site.page.getByRole('option', { name }).first()

/** What the palette reads out. */
const said = () => site.page.locator('dialog p[role=status]').textContent()

async function withCustomers(count: number) {
  const organization = await signedIn()
  const customers = Array.from({ length: count }, (_, number) => ({
    email: `person${number}@example.com`,
    fullName: `Person ${number}`,
    id: `user_${number}`,
  }))
  const { json } = await organization.sandbox.call('POST', '/api/v1/customers/batch', { body: { customers } })
  expect(json.success).toBe(true)
  return organization
}

/** The one before has to be gone: over a dialog that is open, the shortcut does nothing. */
async function openPalette(): Promise<void> {
  await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
  await press('Control+k')
  await site.page.getByRole('dialog').getByRole('combobox').waitFor()
}

async function paste(text: string): Promise<void> {
  await site.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: site.server.address })
  await site.page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`)
  await press('Control+v')
}

describe('the command palette', () => {
  inBrowser('finds customers on the server, and pages', async () => {
    await withCustomers(30)
    await at('/sandbox/api-keys')
    await heading('API keys')
    await openPalette()
    await site.page.keyboard.type('person 17')
    await option(/^Person 17/).waitFor()
    await expect.poll(() => said()).toBe('1 result')
    await expectAccessible('palette')
    await press('Enter')
    await heading('Person 17')
    await openPalette()
    await site.page.keyboard.type('api')
    await option('API keys').waitFor()
    await press('Enter')
    await heading('API keys')
    await openPalette()
    await site.page.keyboard.type('nobody at all')
    await sees('Nothing matches')
    await expect.poll(() => said()).toBe('0 results')
    await press('Escape')
    await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
  })

  inBrowser('opens what a pasted ID names: a customer, a user ID, a key', async () => {
    const { sandbox } = await withCustomers(12)
    const { json } = await sandbox.call('GET', '/api/v1/customers/user_3')
    const keys = await sandbox.call('GET', '/api/v1/api-keys')
    await at('/sandbox/customers')
    for (const [id, title] of [
      [json.data.id, 'Person 3'],
      ['user_1', 'Person 1'],
      [keys.json.data[0].id, 'API keys'],
    ]) {
      await button('Find a customer or a page').click()
      await site.page.getByRole('dialog').getByRole('combobox').waitFor()
      await paste(id)
      await heading(title)
      await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
    }
  })
})

describe('shortcuts of a single key', () => {
  inBrowser('are listed, stay out of what is typed, and can be turned off for good', async () => {
    await withCustomers(1)
    await at('/sandbox/api-keys')
    await heading('API keys')
    await press('?')
    await heading('Keyboard shortcuts')
    await expectAccessible('shortcuts')
    await press('Escape')
    await button('New key').click()
    await field('Name').fill('')
    await site.page.keyboard.type('a?/')
    expect(await field('Name').inputValue()).toBe('a?/')
    await press('Escape')
    await button('Discard changes').click()
    await press('?')
    await field('Shortcuts of a single key').click()
    await press('Escape')
    await press('?')
    await site.page.reload()
    await heading('API keys')
    await press('?')
    await press('/')
    expect(await site.page.getByRole('dialog').count()).toBe(0)
    await press('Control+k')
    await site.page.getByRole('dialog').waitFor()
  })
})

describe('every list', () => {
  inBrowser(
    'is gone through with j and k, opened or copied from with Enter, and left with Escape',
    async () => {
      const { page, context, server } = site
      await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.address })
      const organization = await signedIn()
      await server.person(organization, 'member')
      const { call } = organization.sandbox
      for (const name of ['Shop', 'Desk']) await call('POST', '/api/v1/api-keys', { body: { name } })
      for (const [address, title] of [
        ['/sandbox/api-keys', 'API keys'],
        ['/sandbox/settings/members', 'Members'],
      ] as const) {
        await at(address)
        await heading(title)
        const rows = page.getByRole('row').getByRole('button', { name: /^Copy / })
        await rows.nth(1).waitFor()
        const second = (await rows.nth(1).getAttribute('aria-label'))?.replace('Copy ', '')
        for (const key of ['j', 'j', 'k', 'j', 'Enter']) await press(key)
        await page.getByText(`Copied: ${second}`).waitFor()
        expect(await page.evaluate('navigator.clipboard.readText()')).toBe(second)
        await press('Escape')
        expect(await page.evaluate('document.activeElement === document.body')).toBe(true)
      }
      await at('/sandbox/imports')
      for (const name of ['first.csv', 'second.csv']) {
        const file = { name, mimeType: 'text/csv', buffer: Buffer.from('email\nada@example.com\n') }
        await field('CSV file').setInputFiles(file)
        await heading(name)
        await page.getByRole('link', { name: 'All imports' }).click()
      }
      await page.getByRole('link', { name: 'first.csv' }).waitFor()
      await expectAccessible('imports')
      for (const key of ['j', 'j', 'Enter']) await press(key)
      await heading('first.csv')
    },
  )
})

/** Presses a key until something has the focus, as somebody without a mouse does. */
async function moveTo(target: Locator, key = 'Tab'): Promise<void> {
  await target.waitFor()
  for (let presses = 0; presses < 80; presses += 1) {
    if (await target.evaluate((element) => element.matches(':focus'))) return
    await press(key)
  }
  throw new Error(`The focus never came to ${target}`)
}

async function fill(target: Locator, text: string): Promise<void> {
  await moveTo(target)
  await site.page.keyboard.type(text)
}

async function use(target: Locator): Promise<void> {
  await moveTo(target)
  await press('Enter')
}

async function goTo(place: string): Promise<void> {
  await openPalette()
  await site.page.keyboard.type(place)
  await option(place).waitFor()
  await press('Enter')
}

describe('without a mouse', () => {
  inBrowser('the eight commonest tasks are done', async () => {
    const { page } = site
    const dialog = page.getByRole('dialog')

    // 1. Making the account.
    await at(`/accept#${await site.server.ownerLink()}`)
    await fill(field('Name'), 'Grace Hopper')
    await fill(field('E-mail address'), 'grace@example.com')
    await fill(field('Password'), 'correct horse battery')
    await press('Enter')
    await page.getByRole('navigation', { name: 'Pages' }).waitFor()

    // 2. Creating a customer.
    await goTo('Customers')
    await use(button('New customer'))
    await fill(dialog.getByLabel('E-mail address'), 'ada@example.com')
    await fill(dialog.getByLabel('Name', { exact: true }), 'Ada Lovelace')
    await press('Enter')
    await heading('Ada Lovelace')

    // 3. Finding and opening it.
    await goTo('Customers')
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
    await press('/')
    await page.keyboard.type('ada')
    await page.waitForURL('**search=ada')
    await press('Escape')
    await press('j')
    await press('Enter')
    await heading('Ada Lovelace')

    // 4. Changing it.
    await use(button('Edit'))
    await fill(dialog.getByLabel('Tax ID'), '30-71234567-8')
    await press('Enter')
    await expect.poll(() => dialog.count()).toBe(0)
    await sees('30-71234567-8')

    // 5. Deleting it, and taking that back.
    await goTo('Customers')
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
    await moveTo(field('Select Ada Lovelace'))
    await press('Space')
    await press('Delete')
    await expect.poll(() => page.getByRole('link', { name: 'Ada Lovelace' }).count()).toBe(0)
    await press('z')
    await page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()

    // 6. Making an API key.
    await goTo('API keys')
    await use(button('New key'))
    await fill(dialog.getByLabel('Name', { exact: true }), 'Backend')
    await press('Enter')
    await page
      .getByText(/^ck_sandbox_/)
      .first()
      .waitFor()
    await use(button('I have kept it'))

    // 7. Inviting a colleague.
    await goTo('Members')
    await use(button('Invite a person'))
    await fill(dialog.getByLabel('E-mail address'), 'alan@example.com')
    await press('Enter')
    await heading('Link for alan@example.com')
    await use(button('I have kept it'))

    // 8. Going over to live, and leaving.
    await goTo('Switch to live')
    await page.waitForURL(({ pathname }) => pathname.startsWith('/live'))
    await use(button('Account of Grace Hopper'))
    await moveTo(page.getByRole('menuitem', { name: 'Sign out', exact: true }), 'ArrowDown')
    await press('Enter')
    await page.waitForURL(/\/sign-in/)
  })
})
