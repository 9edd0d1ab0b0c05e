import { readFile } from 'node:fs/promises'
import { startTestServer, type TestOrganization } from '@commet/testkit'
import { describe, expect } from 'vitest'
import { inBrowser, openSite } from './browser.ts'

/** The list of customers: finding them, choosing what is shown, and doing something with several. */

const site = openSite()
const { at, button, field, sees, signedIn, expectAccessible } = site

const names = () =>
  site.page.locator('tbody [data-list-item]').evaluateAll((links) => links.map((link) => link.textContent))
const headings = () =>
  site.page.locator('thead th').evaluateAll((cells) => cells.slice(1).map((cell) => cell.textContent))
const link = (name: string) => site.page.getByRole('link', { name, exact: true })
const select = (name: string) => field(`Select ${name}`)
const status = () => site.page.locator('main [role=status]').textContent()
const focused = () => site.page.evaluate('document.activeElement?.textContent')

/** Customers named Person 0, Person 1, … The last is the newest, so it comes first. */
async function addPeople({ sandbox }: TestOrganization, many: number): Promise<void> {
  const customers = Array.from({ length: many }, (_, number) => ({
    ...{ email: `person${number}@example.com`, fullName: `Person ${number}`, id: `user_${number}` },
    metadata: { plan: number % 2 === 0 ? 'team' : 'solo', seats: number },
  }))
  for (let at = 0; at < many; at += 100) {
    const body = { customers: customers.slice(at, at + 100) }
    const { json } = await sandbox.call('POST', '/api/v1/customers/batch', { body })
    expect(json.data.failed).toEqual([])
  }
}

async function openList(many: number, address = '/sandbox/customers'): Promise<TestOrganization> {
  const organization = await signedIn('member')
  await addPeople(organization, many)
  await at(address)
  if (many > 0) await site.page.locator('tbody tr').first().waitFor()
  return organization
}

const people = (...numbers: readonly number[]) => numbers.map((number) => `Person ${number}`)

const waiting = ({ sandbox }: TestOrganization) =>
  site.server.database.owner('select from customer_deletions where environment_id = $1', [sandbox.id])

/** Ten seconds later, as far as the deletion knows; the page shows it before the server has it. */
const passTime = (organization: TestOrganization) =>
  expect
    .poll(() =>
      site.server.database.owner(
        `update customer_deletions set due_at = due_at - interval '10 seconds'
         where environment_id = $1 returning id`,
        [organization.sandbox.id],
      ),
    )
    .toHaveLength(1)

describe('finding', () => {
  inBrowser('what is typed is found as one types, and a step back leaves the search', async () => {
    await openList(12)
    await field('Search').pressSequentially('person1')
    await expect.poll(names).toEqual(people(11, 10, 1))
    await expect.poll(status).toBe('3 customers')
    expect(new URL(site.page.url()).search).toBe('?search=person1')
    await site.page.goBack()
    await expect.poll(names).toHaveLength(12)
    expect(await field('Search').inputValue()).toBe('')
    await site.page.goForward()
    await expect.poll(names).toEqual(people(11, 10, 1))
    expect(await field('Search').inputValue()).toBe('person1')
    await button('Clear the search').click()
    await expect.poll(names).toHaveLength(12)
  })

  inBrowser('filters lie in the address: a link, a reload and the back button restore them', async () => {
    await openList(6)
    await button('Filters').click()
    await field('Key 1').fill('plan')
    await field('Value 1').fill('team')
    await button('Add a pair').click()
    await field('Key 2').fill('seats')
    await field('Value 2').fill('4')
    await expectAccessible('list-filters')
    await button('Apply').click()
    await expect.poll(names).toEqual(people(4))
    await button('Remove the filter seats = 4').click()
    await expect.poll(names).toEqual(people(4, 2, 0))
    await button('Filters 1').click()
    await field('E-mail address').fill('PERSON2@example.com')
    await field('E-mail address').press('Enter')
    await expect.poll(names).toEqual(people(2))
    await site.page.reload()
    await expect.poll(names).toEqual(people(2))
    await link('Person 2').click()
    await site.page.getByRole('heading', { name: 'Person 2' }).waitFor()
    await site.page.goBack()
    await expect.poll(names).toEqual(people(2))
    await site.page.goBack()
    await expect.poll(names).toEqual(people(4, 2, 0))
    await at('/sandbox/customers?after=2020-01-01&before=2020-02-01')
    await sees('No customer matches')
    await sees('Created from Jan 1, 2020')
    await button('Filters 2').click()
    await field('Created before').fill('')
    await button('Apply').click()
    await expect.poll(names).toHaveLength(6)
  })

  inBrowser('whoever cannot see the page hears that it loads, and then what there is', async () => {
    let answer = () => {}
    const answered = new Promise<void>((resolve) => {
      answer = resolve
    })
    await site.page.route('**/api/v1/customers?*', async (route) => {
      await answered
      await route.continue()
    })
    await openList(0)
    await expect.poll(status).toBe('Loading customers')
    await site.page.evaluate(`document.querySelector('main [role=status]').dataset.before = ''`)
    answer()
    await site.page.locator('main [role=status][data-before]').filter({ hasText: '0 customers' }).waitFor()
  })

  inBrowser('the order is a choice in the address, and said to whoever cannot see it', async () => {
    await openList(3)
    const created = site.page.getByRole('columnheader', { name: 'Created' })
    expect(await created.getAttribute('aria-sort')).toBe('descending')
    await button('Created').click()
    await expect.poll(names).toEqual(people(0, 1, 2))
    expect(await created.getAttribute('aria-sort')).toBe('ascending')
    await site.page.goBack()
    await expect.poll(names).toEqual(people(2, 1, 0))
  })

  inBrowser('the order is a choice on a narrow screen too, whose columns do not show the date', async () => {
    await site.page.setViewportSize({ width: 390, height: 844 })
    await openList(3)
    expect(await headings()).toEqual(['Name', 'E-mail'])
    await button('Newest first; show the oldest first').click()
    await site.page.waitForURL('**order=asc')
    await expect.poll(names).toEqual(people(0, 1, 2))
    await expectAccessible('customers-oldest')
    await button('Oldest first; show the newest first').click()
    await expect.poll(names).toEqual(people(2, 1, 0))
  })

  inBrowser('more rows come as one scrolls, and coming back finds rows and place as they were', async () => {
    await openList(130)
    expect(await names()).toHaveLength(50)
    await expectAccessible('list')
    await site.page.mouse.wheel(0, 20_000)
    await expect.poll(names).toHaveLength(100)
    await site.page.mouse.wheel(0, 20_000)
    await expect.poll(names).toHaveLength(130)
    await link('Person 3').scrollIntoViewIfNeeded()
    const before = await site.page.evaluate<number>('scrollY')
    expect(before).toBeGreaterThan(2_000)
    await link('Person 3').click()
    await site.page.getByRole('heading', { name: 'Person 3' }).waitFor()
    await site.page.goBack()
    await expect.poll(names).toHaveLength(130)
    await expect.poll(() => site.page.evaluate('scrollY')).toBe(before)
  })

  inBrowser('the other environment never shows the rows of this one, not even while it loads', async () => {
    await openList(2)
    await site.page.route('**/api/v1/customers?*', async (route) => {
      if (route.request().headers()['commet-environment'] === 'live') await route.abort()
      else await route.continue()
    })
    site.tolerate(/./)
    await site.page.getByRole('link', { name: 'Live' }).click()
    await expect.poll(names).toEqual([])
  })
})

describe('rows', () => {
  inBrowser('are links: a click opens here, with Ctrl in a new tab', async () => {
    await openList(2)
    const [tab] = await Promise.all([
      site.context.waitForEvent('page'),
      site.page
        .locator('tbody tr')
        .first()
        .click({ modifiers: ['ControlOrMeta'] }),
    ])
    await tab.getByRole('heading', { name: 'Person 1' }).waitFor()
    expect(await names()).toHaveLength(2)
    await site.page.locator('tbody tr').first().click()
    await site.page.getByRole('heading', { name: 'Person 1' }).waitFor()
  })

  inBrowser('say a time in UTC where the pointer rests, and open there as well', async () => {
    await openList(2)
    const time = site.page.locator('tbody time').first()
    await time.hover()
    const { x, y, width, height } = (await time.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    const found = `document.elementFromPoint(${x + width / 2}, ${y + height / 2})`
    const under = await site.page.evaluate(`${found}?.closest('[title]')?.getAttribute('title')`)
    expect(under).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/)
    await time.click()
    await site.page.getByRole('heading', { name: 'Person 1' }).waitFor()
  })

  inBrowser('are walked with j and k and opened with Enter; / leads to the search, Escape back', async () => {
    await openList(3)
    const { keyboard } = site.page
    for (const [key, name] of [
      ['j', 'Person 2'],
      ['j', 'Person 1'],
      ['j', 'Person 0'],
      ['j', 'Person 0'],
      ['k', 'Person 1'],
    ] as const) {
      await keyboard.press(key)
      expect(await focused()).toBe(name)
    }
    await keyboard.press('Enter')
    await site.page.getByRole('heading', { name: 'Person 1' }).waitFor()
    await site.page.goBack()
    await expect.poll(names).toHaveLength(3)
    await keyboard.press('/')
    await keyboard.type('jk')
    expect(await field('Search').inputValue()).toBe('jk')
    await sees('No customer matches')
    await field('Search').fill('')
    await expect.poll(names).toHaveLength(3)
    await keyboard.press('Escape')
    await keyboard.press('j')
    await keyboard.press('x')
    await sees('1 selected')
    await keyboard.press('Escape')
    await expect.poll(() => button('Select none').count()).toBe(0)
    await keyboard.press('j')
    await keyboard.press('x')
    await keyboard.press('Delete')
    await expect.poll(names).toEqual(people(1, 0))
    await expect.poll(focused).toBe('Person 1')
    await keyboard.press('z')
    await expect.poll(names).toEqual(people(2, 1, 0))
  })

  inBrowser('columns are chosen, and remembered by the browser', async () => {
    await openList(2)
    expect(await headings()).toEqual(['Name', 'E-mail', 'User ID', 'Created'])
    await button('Columns').click()
    const item = (name: string) => site.page.getByRole('menuitemcheckbox', { name, exact: true })
    await item('Metadata').click()
    await item('User ID').click()
    expect(await headings()).toEqual(['Name', 'E-mail', 'Metadata', 'Created'])
    await expectAccessible('list-columns')
    await site.page.keyboard.press('Escape')
    await sees('plan: solo, seats: 1')
    await site.page.reload()
    await expect.poll(headings).toEqual(['Name', 'E-mail', 'Metadata', 'Created'])
    await button('Columns').click()
    await site.page.getByRole('menuitem', { name: 'Back to the usual columns' }).click()
    expect(await headings()).toEqual(['Name', 'E-mail', 'User ID', 'Created'])
  })
})

describe('several', () => {
  inBrowser('rows are selected one by one, in a row with Shift, and all at once', async () => {
    await openList(6)
    await select('Person 4').check()
    await select('Person 1').click({ modifiers: ['Shift'] })
    await sees('4 selected')
    await select('Person 2').uncheck()
    await sees('3 selected')
    await expect.poll(status).toBe('6 customers, 3 selected')
    await field('Select all that are shown').check()
    await sees('6 selected')
    await button('Select none').click()
    expect(await button('Delete selected').count()).toBe(0)
    await select('Person 4').check()
    await field('Search').fill('person1')
    await expect.poll(names).toEqual(people(1))
    expect(await button('Delete selected').count()).toBe(0)
  })

  inBrowser('customers are deleted at once to the eye, and Undo brings them back', async () => {
    const organization = await openList(5)
    await select('Person 4').check()
    await select('Person 2').check()
    await button('Delete selected').click()
    await expect.poll(names).toEqual(people(3, 1, 0))
    await sees('2 customers deleted.')
    await select('Person 3').check()
    await expectAccessible('list-selected')
    await site.page.reload()
    await expect.poll(names).toEqual(people(3, 1, 0))
    await button('Undo').click()
    await expect.poll(names).toEqual(people(4, 3, 2, 1, 0))
    await expect.poll(() => waiting(organization)).toEqual([])
  })

  inBrowser('what nobody takes back is deleted by the worker, and its note goes', async () => {
    const organization = await openList(3)
    await select('Person 1').check()
    await button('Delete selected').click()
    await sees('Customer deleted.')
    const { call } = organization.sandbox
    expect((await call('GET', '/api/v1/customers/user_1')).status).toBe(200)
    await passTime(organization)
    const worker = await startTestServer({ database: site.server.database, worker: true })
    await expect.poll(() => site.page.getByText('Customer deleted.').count()).toBe(0)
    expect((await call('GET', '/api/v1/customers/user_1')).status).toBe(404)
    expect(await names()).toEqual(people(2, 0))
    await worker.stop()
  })

  inBrowser('Undo that comes too late says so, and shows what there is', async () => {
    const organization = await openList(2)
    await select('Person 1').check()
    await button('Delete selected').click()
    await sees('Customer deleted.')
    await site.page.route('**/api/v1/customer-deletions?*', (route) => route.abort())
    site.tolerate(/./)
    await passTime(organization)
    const worker = await startTestServer({ database: site.server.database, worker: true })
    const { call } = organization.sandbox
    await expect.poll(async () => (await call('GET', '/api/v1/customers/user_1')).status).toBe(404)
    await button('Undo').click()
    await sees('Too late')
    await expect.poll(names).toEqual(people(0))
    await worker.stop()
  })

  inBrowser('a deletion that the server refuses shows its rows again, and why', async () => {
    await openList(2)
    await site.page.route('**/api/v1/customer-deletions', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status: 409, json: { success: false, error: { message: 'Not today.' } } })
        : route.continue(),
    )
    site.tolerate(/./)
    await select('Person 1').check()
    await button('Delete selected').click()
    await sees('Nothing was deleted. Not today.')
    await expect.poll(names).toEqual(people(1, 0))
  })

  inBrowser('a customer that is changed meanwhile comes back by itself', async () => {
    const organization = await openList(2)
    const { sandbox } = organization
    await select('Person 1').check()
    await button('Delete selected').click()
    await expect.poll(names).toEqual(people(0))
    await expect.poll(() => waiting(organization)).toHaveLength(1)
    await sandbox.call('PATCH', '/api/v1/customers/user_1', { body: { fullName: 'Person One' } })
    await expect.poll(names).toEqual(['Person One', 'Person 0'])
  })

  inBrowser('customers are exported as a file: those that are selected, or all that are found', async () => {
    await openList(4)
    const exported = async (name: string) => {
      const [file] = await Promise.all([site.page.waitForEvent('download'), button(name).click()])
      expect(file.suggestedFilename()).toMatch(/^customers-sandbox-.*\.csv$/)
      const text = await readFile(await file.path(), 'utf8')
      return [...text.matchAll(/person\d@example\.com/g)].map(([email]) => email)
    }
    await select('Person 3').check()
    await select('Person 1').check()
    expect(await exported('Export selected')).toEqual(['person3@example.com', 'person1@example.com'])
    await at('/sandbox/customers?metadata={"plan":"team"}')
    await expect.poll(names).toEqual(people(2, 0))
    expect(await exported('Export')).toEqual(['person2@example.com', 'person0@example.com'])
  })
})

inBrowser(
  'without customers the page shows the command that makes one, and the first appears by itself',
  async () => {
    const { sandbox } = await openList(0)
    await sees('No customers here yet')
    await sees(`curl -X POST ${site.server.address}/api/v1/customers`)
    await expectAccessible('list-empty')
    await sandbox.call('POST', '/api/v1/customers', { body: { email: 'first@example.com' } })
    await expect.poll(names).toEqual(['first@example.com'])
    await expect.poll(status).toBe('1 customer')
  },
)
