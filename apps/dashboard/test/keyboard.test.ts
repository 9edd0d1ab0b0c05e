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

  const pasteIntoPalette = async (id: string) => {
    await openPalette()
    await paste(id)
  }

  inBrowser('opens what a pasted ID names: a customer, a user ID, an organization', async () => {
    const { id: organizationId, sandbox } = await withCustomers(12)
    const { json } = await sandbox.call('GET', '/api/v1/customers/user_3')
    await at('/sandbox/customers')
    for (const [id, title] of [
      [json.data.id, 'Person 3'],
      ['user_1', 'Person 1'],
      [organizationId, 'Organization'],
    ]) {
      await button('Find a customer or a page').click()
      await site.page.getByRole('dialog').getByRole('combobox').waitFor()
      await paste(id)
      await heading(title)
      await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
    }
  })

  inBrowser(
    'leads to the row of a pasted ID, on whichever page of its list it is, and says where there is none',
    async () => {
      const organization = await signedIn()
      const { sandbox, live } = organization
      const colleague = await site.server.person(organization, 'member')
      const made: string[] = []
      for (let number = 0; number < 55; number++) {
        const { json } = await sandbox.call('POST', '/api/v1/api-keys', { body: { name: `Key ${number}` } })
        made.push(json.data.id)
      }
      const elsewhere = await live.call('POST', '/api/v1/api-keys', { body: { name: 'Shop' } })
      await at('/sandbox/customers')
      await heading('Customers')
      const rowInFocus = () => site.page.evaluate('document.activeElement.closest("tr")?.id')
      for (const id of [made[54], made[0], made[30]]) {
        await pasteIntoPalette(String(id))
        await heading('API keys')
        await expect.poll(rowInFocus).toBe(id)
      }
      await pasteIntoPalette(elsewhere.json.data.id)
      await sees(`There is no ${elsewhere.json.data.id} here`)
      await expectAccessible('key-of-the-other-environment')
      await site.page.getByRole('link', { name: 'Look in live' }).click()
      await expect.poll(rowInFocus).toBe(elsewhere.json.data.id)
      await pasteIntoPalette(colleague.memberId)
      await heading('Members')
      await expect.poll(rowInFocus).toBe(colleague.memberId)
    },
  )

  inBrowser('opens the user ID that was pasted, however many newer ones hold it', async () => {
    const { sandbox } = await signedIn()
    const userIds = ['42', ...Array.from({ length: 30 }, (_, number) => `${number}42`)]
    const customers = userIds.map((id) => ({
      id,
      email: `person${id}@example.com`,
      fullName: `Person ${id}`,
    }))
    for (const part of [customers.slice(0, 1), customers.slice(1)])
      await sandbox.call('POST', '/api/v1/customers/batch', { body: { customers: part } })
    await at('/sandbox/customers')
    await heading('Customers')
    await pasteIntoPalette('42')
    await heading('Person 42')
  })

  inBrowser(
    'offers a customer of the other environment by its name, and does not go there by itself',
    async () => {
      const { live } = await withCustomers(1)
      const { json } = await live.call('POST', '/api/v1/customers', {
        body: { email: 'ada@example.com', fullName: 'Ada' },
      })
      await at('/sandbox/customers')
      await heading('Customers')
      await pasteIntoPalette(json.data.id)
      await option('Open Ada in live').waitFor()
      await press('Enter')
      await heading('Ada')
      expect(new URL(site.page.url()).pathname).toBe(`/live/customers/${json.data.id}`)
      await at(`/sandbox/customers/${json.data.id}`)
      await site.page.getByRole('link', { name: 'Look in live' }).click()
      await heading('Ada')
    },
  )
})

describe('the focus', () => {
  const inFocus = () => site.page.evaluate('document.activeElement.textContent')

  inBrowser(
    'is at the heading of a page that was opened, and at the row that was left where one comes back',
    async () => {
      const { page } = site
      await withCustomers(5)
      await at('/sandbox')
      await page.getByRole('link', { name: 'Customers', exact: true }).click()
      await heading('Customers')
      await expect.poll(inFocus).toBe('Customers')
      await page.getByRole('link', { name: 'Person 2' }).waitFor()
      for (const key of ['j', 'j', 'j', 'Enter']) await press(key)
      await heading('Person 2')
      await expect.poll(inFocus).toBe('Person 2')
      await page.goBack()
      await heading('Customers')
      await expect.poll(inFocus).toBe('Person 2')
      await press('j')
      await press('Enter')
      await heading('Person 1')
      await page.getByRole('link', { name: 'Customers', exact: true }).click()
      await expect.poll(inFocus).toBe('Person 1')
    },
  )

  inBrowser(
    'goes to the next row where one is revoked or removed, and to the heading after the last',
    async () => {
      const { page } = site
      const organization = await signedIn()
      for (const name of ['Shop', 'Desk'])
        await organization.sandbox.call('POST', '/api/v1/api-keys', { body: { name } })
      await site.server.person(organization, 'member')
      const rowInFocus = () => page.evaluate('document.activeElement.closest("tr")?.cells[0].textContent')
      await at('/sandbox/api-keys')
      await button('Revoke Desk').click()
      await button('Revoke key').click()
      await expect.poll(rowInFocus).toBe('Shop')

      await at('/sandbox/settings/members')
      await page
        .getByRole('button', { name: /^Remove / })
        .first()
        .click()
      await button('Remove member').click()
      await expect.poll(() => page.getByRole('button', { name: /^Remove / }).count()).toBe(0)
      await expect.poll(rowInFocus).toContain('(you)')
    },
  )
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
