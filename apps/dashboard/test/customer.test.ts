import { startTestServer } from '@commet/testkit'
import type { Locator } from 'playwright-core'
import { expect } from 'vitest'
import { inBrowser, openSite } from './browser.ts'

/** One customer: its page, the sheet that creates and edits it, and all of it as code. */

const site = openSite()
const { at, button, sees, signedIn, expectAccessible } = site

const sheet = () => site.page.getByRole('dialog').last()
const input = (label: string) => sheet().getByLabel(label, { exact: true })
const metadata = {
  plan: 'team',
  seats: 12,
  active: true,
  code: '12',
  limits: { users: 5, roles: ['a', null] },
}

async function openedCustomer(fields: Readonly<Record<string, unknown>> = {}) {
  const organization = await signedIn()
  const body = { email: 'ada@example.com', fullName: 'Ada Lovelace', id: 'user_42', metadata, ...fields }
  const created = await organization.sandbox.call('POST', '/api/v1/customers', { body })
  const id: string = created.json.data.id
  await at(`/sandbox/customers/${id}`)
  await site.page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
  const stored = async () => (await organization.sandbox.call('GET', `/api/v1/customers/${id}`)).json.data
  return { id, stored }
}

/** Every write of customers that the page sends from now on. */
function watchedWrites() {
  const writes: { readonly key: string | undefined; readonly body: unknown }[] = []
  site.page.on('request', (request) => {
    if (request.method() === 'GET' || !request.url().includes('/customers')) return
    writes.push({ key: request.headers()['idempotency-key'], body: request.postDataJSON() })
  })
  return writes
}

/** What is said in the end; the moments between retries are passed over. */
async function afterRetries(alert: Locator): Promise<string> {
  await site.page.clock.runFor(5_000)
  return (await alert.allTextContents()).join()
}

inBrowser('a customer is created with every field', async () => {
  await signedIn()
  await at('/sandbox/customers')
  await button('New customer').click()
  await input('E-mail address').fill('bills@north.example')
  await input('Name').fill('North "Ltd"')
  await input('User ID').fill('team/1 ü')
  await input('Tax ID').fill('30-71234567-8')
  await input('Time zone').fill('America/Sao_Paulo')
  await input('Street and number').fill('Av. Paulista 1')
  await input('Second line').fill('Floor 2')
  await input('Postal code').fill('01310-100')
  await input('City').fill('São Paulo')
  await input('State').fill('SP')
  await input('Region').fill('Sudeste')
  await input('Country').selectOption({ label: 'Brazil' })
  await button('Add a pair').click()
  await input('Key 1').fill('seats')
  await input('Type 1').selectOption('Number')
  await input('Value 1').fill('12')
  await button('Add a pair').click()
  await input('Key 2').fill('active')
  await input('Type 2').selectOption('Yes or no')
  await input('Value 2').selectOption('Yes')
  await expectAccessible('customer-new')
  const writes = watchedWrites()
  await button('Create customer').click()
  await site.page.getByRole('heading', { name: 'North "Ltd"' }).waitFor()
  expect(writes.map(({ body }) => body)).toEqual([
    {
      email: 'bills@north.example',
      fullName: 'North "Ltd"',
      id: 'team/1 ü',
      taxDocument: '30-71234567-8',
      timezone: 'America/Sao_Paulo',
      address: {
        line1: 'Av. Paulista 1',
        line2: 'Floor 2',
        postalCode: '01310-100',
        city: 'São Paulo',
        state: 'SP',
        region: 'Sudeste',
        country: 'BR',
      },
      metadata: { seats: 12, active: true },
    },
  ])
  await sees('01310-100 São Paulo')
  await sees('Brazil')
  await expectAccessible('customer-page')
})

inBrowser('an edit sends what was changed, and null for what was emptied', async () => {
  const { stored } = await openedCustomer()
  // What the palette has found is cached as well.
  await button('Find a customer or a page').click()
  await site.page.getByRole('combobox').fill('lovelace')
  await site.page.getByRole('option', { name: /Ada Lovelace/ }).waitFor()
  await site.page.keyboard.press('Escape')
  await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
  await button('Edit').click()
  await input('Name').fill('')
  await input('Tax ID').fill('DE123')
  const writes = watchedWrites()
  await button('Save changes').dblclick()
  await site.page.getByRole('heading', { name: 'ada@example.com' }).waitFor()
  await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
  expect(writes.map(({ body }) => body)).toEqual([{ fullName: null, taxDocument: 'DE123' }])
  expect(await stored()).toMatchObject({ fullName: null, taxDocument: 'DE123', metadata })
})

inBrowser('what the server refuses stands next to its field, which has the focus', async () => {
  const { stored } = await openedCustomer()
  await button('Edit').click()
  await input('City').fill('Berlin')
  const writes = watchedWrites()
  await button('Save changes').click()
  await expect.poll(() => input('Street and number').getAttribute('aria-invalid')).toBe('true')
  expect(await site.page.evaluate('document.activeElement.name')).toBe('address.line1')
  expect(await input('Country').getAttribute('aria-invalid')).toBe('true')
  expect(await input('City').getAttribute('aria-invalid')).toBe('false')
  await expectAccessible('customer-refused')
  expect(await stored()).toMatchObject({ address: null })
  await input('Street and number').fill('Unter den Linden 1')
  await input('Postal code').fill('10117')
  await input('Country').selectOption({ label: 'Germany' })
  await button('Save changes').click()
  await sees('10117 Berlin')
  const keys = writes.map(({ key }) => key)
  expect(new Set(keys).size).toBe(2)
})

inBrowser('a change that cannot be sent is taken back, and sent again under its old key', async () => {
  site.tolerate(/ERR_FAILED|Failed to load/)
  const { stored } = await openedCustomer()
  await button('Edit').click()
  await input('Name').fill('Ada King')
  const writes = watchedWrites()
  await site.page.route('**/api/v1/customers/cus_*', (route) =>
    route.request().method() === 'GET' ? route.continue() : route.abort(),
  )
  await site.page.clock.install()
  await button('Save changes').click()
  await site.page.getByRole('heading', { name: 'Ada King' }).waitFor()
  await expect.poll(() => afterRetries(sheet().getByRole('alert'))).toContain('The changes were not saved.')
  await site.page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
  expect(await input('Name').inputValue()).toBe('Ada King')
  await site.page.unroute('**/api/v1/customers/cus_*')
  await button('Save changes').click()
  await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
  expect(new Set(writes.map(({ key }) => key)).size).toBe(1)
  expect(await stored()).toMatchObject({ fullName: 'Ada King' })
})

inBrowser(
  'a change that fails after its sheet was closed is taken back with a word, and the focus is where it was',
  async () => {
    const { stored } = await openedCustomer()
    await button('Edit').click()
    await input('Name').fill('Grace Hopper')
    let answer = () => {}
    const asked = new Promise<void>((resolve) => {
      answer = resolve
    })
    await site.page.route('**/customers/*', async (route) => {
      if (route.request().method() === 'GET') return route.continue()
      await asked
      return route.fulfill({
        status: 400,
        json: { success: false, error: { code: 'validation_error', message: 'It was refused.' } },
      })
    })
    await sheet().getByRole('button', { name: 'Save changes' }).click()
    await sees('Grace Hopper')
    await sheet().getByRole('button', { name: 'Close' }).click()
    const discard = site.page.getByRole('button', { name: 'Discard' })
    if (await discard.isVisible()) await discard.click()
    await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
    expect(await site.page.evaluate('document.activeElement?.textContent')).toBe('Edit')
    answer()
    await sees('The change was taken back.')
    await site.page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
    expect((await stored()).fullName).toBe('Ada Lovelace')
  },
)

inBrowser('a user ID that is taken loses nothing that was typed, and leads to who has it', async () => {
  await openedCustomer()
  await at('/sandbox/customers')
  await button('New customer').click()
  await input('E-mail address').fill('other@example.com')
  await input('User ID').fill('user_42')
  await button('Create customer').click()
  await sees('This user ID belongs to Ada Lovelace.')
  expect(await input('E-mail address').inputValue()).toBe('other@example.com')
  await sheet().getByRole('link', { name: 'Open that customer' }).click()
  await button('Discard changes').click()
  await site.page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor()
})

inBrowser('metadata goes from pairs to JSON and back with every type', async () => {
  const { stored } = await openedCustomer()
  await button('Edit').click()
  expect(await input('Type 1').inputValue()).toBe('text')
  expect(await input('Value 1').inputValue()).toBe('12')
  expect(JSON.parse(await input('Value 5').inputValue())).toEqual(metadata.limits)
  await button('Edit as JSON').click()
  expect(JSON.parse(await input('Metadata as JSON').inputValue())).toEqual(metadata)
  await input('Metadata as JSON').fill('{\n  "plan": "team",\n  "seats": 13,\n}')
  await button('Edit as pairs').click()
  await sees('Line 4: a key in double quotes belongs before }')
  await expectAccessible('customer-json')
  await input('Metadata as JSON').fill('{\n  "plan": "team",\n  "seats": 13,\n  "none": null\n}')
  await button('Edit as pairs').click()
  await input('Value 2').fill('many')
  const writes = watchedWrites()
  await button('Save changes').click()
  await sees('Must be a number, such as 12 or 0.5.')
  expect(writes).toEqual([])
  await input('Value 2').fill('14')
  await button('Remove pair 1, plan').click()
  await expectAccessible('customer-pairs')
  await button('Save changes').click()
  await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
  expect(await stored()).toMatchObject({ metadata: { seats: 14, none: null } })
})

inBrowser('leaving with unsaved changes asks, by the button, Escape and the address', async () => {
  await openedCustomer()
  await at('/sandbox/customers')
  await site.page.getByRole('link', { name: 'Ada Lovelace' }).click()
  await button('Edit').click()
  await site.page.keyboard.press('Escape')
  await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
  await button('Edit').click()
  await input('Tax ID').fill('DE123')
  for (const leave of [
    () => sheet().getByRole('button', { name: 'Close' }).click(),
    () => site.page.keyboard.press('Escape'),
    () => site.page.evaluate('history.back()'),
  ]) {
    await leave()
    await button('Keep editing').click()
    expect(await input('Tax ID').inputValue()).toBe('DE123')
  }
  await sheet().getByRole('button', { name: 'Close' }).click()
  await button('Discard changes').click()
  await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
})

inBrowser('an ID is copied with one click, and a user ID in the address leads to it', async () => {
  const { id } = await openedCustomer()
  await site.context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await at('/sandbox/customers/user_42')
  await site.page.waitForURL(`**/customers/${id}`)
  await button(`Copy ${id}`).click()
  await site.page
    .getByRole('status')
    .filter({ hasText: `Copied: ${id}` })
    .waitFor()
  expect(await site.page.evaluate('navigator.clipboard.readText()')).toBe(id)
})

inBrowser('a customer that is deleted on its page can be brought back from the list', async () => {
  await openedCustomer()
  await button('Delete').click()
  await site.page.waitForURL('**/sandbox/customers')
  await sees('Customer deleted.')
  expect(await site.page.getByRole('link', { name: 'Ada Lovelace' }).count()).toBe(0)
  await site.page.goBack()
  await sees('This customer was deleted and will be gone in a moment.')
  await site.page.goForward()
  await button('Undo').click()
  await site.page.getByRole('link', { name: 'Ada Lovelace' }).waitFor()
})

inBrowser('a customer that is gone is not shown as if it were there', async () => {
  const worker = await startTestServer({ database: site.server.database, worker: true })
  await openedCustomer()
  await button('Delete').click()
  await site.page.waitForURL('**/sandbox/customers')
  await site.page.goBack()
  await sees('This customer was deleted and will be gone in a moment.')
  const hurry = () => site.server.database.owner('update customer_deletions set due_at = now() returning id')
  await expect.poll(async () => (await hurry()).length).toBe(1)
  await button('Edit').waitFor({ state: 'detached' })
  await site.page
    .getByRole('alert')
    .filter({ hasText: /no customer/i })
    .waitFor()
  await worker.stop()
})

inBrowser('nothing that was typed goes over to another customer or environment', async () => {
  const { id } = await openedCustomer()
  await at('/sandbox/customers')
  await site.page.getByRole('link', { name: 'Live', exact: true }).click()
  await site.page.waitForURL('**/live/customers')
  await button('New customer').click()
  await input('E-mail address').fill('grace@example.com')
  await site.page.goBack()
  await button('Discard changes').click()
  await site.page.waitForURL('**/sandbox/customers')
  await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
  await site.page.getByRole('link', { name: 'Ada Lovelace' }).click()
  await site.page.waitForURL(`**/sandbox/customers/${id}`)
  await button('Edit').click()
  await site.page.goBack()
  await expect.poll(() => site.page.getByRole('dialog').count()).toBe(0)
})

inBrowser('the list is there as code with its filters, and so are the API keys', async () => {
  await signedIn()
  await at('/sandbox/customers?search=o%27brien&metadata=%7B%22plan%22%3A%22team%22%7D&after=2026-07-11')
  await button('As code').click()
  await expect.poll(() => sheet().locator('pre').textContent()).toContain('search=o%27brien')
  const text = await sheet().locator('pre').textContent()
  expect(text).toContain('metadata%5Bplan%5D=team')
  expect(text).toContain('createdAfter=2026-07-1')
  await at('/live/api-keys')
  await button('As code').click()
  await sees('with a live API key')
  await expect.poll(() => sheet().locator('pre').textContent()).toContain('/api/v1/api-keys?limit=50')
})

inBrowser('home, imports and a request of the log are there as code', async () => {
  const { id, stored } = await openedCustomer()
  const code = () => sheet().locator('pre').textContent()
  for (const [address, opener, call] of [
    ['/sandbox', 'As code', '/api/v1/customers?limit=50'],
    ['/live', 'In your language', '/api/v1/customers'],
    ['/live/customers', 'In your language', '/api/v1/customers'],
    ['/sandbox/imports', 'As code', '/api/v1/customers/batch'],
  ] as const) {
    await at(address)
    await button(opener).click()
    await expect.poll(code).toContain(`${site.server.address}${call}`)
  }
  await stored()
  await at('/sandbox/requests')
  await site.page.getByRole('link', { name: `GET /api/v1/customers/${id}` }).click()
  await button('As code').click()
  await expect.poll(code).toContain(`${site.server.address}/api/v1/customers/${id}`)
  await sees('Filters and bodies are not kept')
  await expectAccessible('request-code')
})

inBrowser('every view is there as code, in six languages, with what stands in it', async () => {
  const { id } = await openedCustomer()
  await button('As code').click()
  await sees('with a sandbox API key')
  for (const language of ['curl', 'TypeScript', 'Python', 'Go', 'Java', 'PHP']) {
    await sheet().getByRole('tab', { name: language }).click()
    const code = sheet().getByRole('tabpanel', { name: language }).locator('pre')
    await expect.poll(() => code.textContent()).toContain(site.server.address)
    expect(await code.textContent()).toContain(id)
  }
  await expectAccessible('customer-code')
  await sheet().getByRole('button', { name: 'Close' }).click()
  await button('Edit').click()
  await input('Name').fill('Ada "Countess" King')
  await sheet().getByRole('button', { name: 'As code' }).click()
  await expect.poll(() => sheet().locator('pre').textContent()).toContain('Ada "Countess" King')
  await sheet().getByRole('button', { name: 'Close' }).click()
  expect(await input('Name').inputValue()).toBe('Ada "Countess" King')
})
