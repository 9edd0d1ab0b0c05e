import { describe, expect } from 'vitest'
import { inBrowser, openSite } from './browser.ts'

/** What is done by keyboard alone. */

const site = openSite()
const { at, button, field, sees, signedIn, expectAccessible } = site
const press = (key: string) => site.page.keyboard.press(key)
const heading = (name: string) => site.page.getByRole('heading', { name, exact: true }).waitFor()
const option = (name: string | RegExp) => site.page.getByRole('option', { name }).first()

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

async function openPalette(): Promise<void> {
  await press('Control+k')
  await site.page.getByRole('combobox').waitFor()
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
      await site.page.getByRole('combobox').waitFor()
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
