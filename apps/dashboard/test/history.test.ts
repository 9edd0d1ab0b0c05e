import { callerWith } from '@commet/testkit'
import { expect } from 'vitest'
import { inBrowser, openSite } from './browser.ts'

/** Home, the log of requests, the API version and the sandbox's clock. */

const site = openSite()
const { at, button, field, sees, signedIn, expectAccessible } = site

const newCustomer = (number: number) => ({
  email: `person${number}@example.com`,
  fullName: `Person ${number}`,
})

inBrowser('home shows a newcomer the next step, and turns live when the first request arrives', async () => {
  const { sandbox } = await signedIn()
  await at('/')
  await site.page.waitForURL('**/sandbox')
  await sees('Send your first request')
  await sees('No customers here yet')
  const command = await site.page.locator('pre').textContent()
  expect(command).toContain(`curl -X POST ${site.server.address}/api/v1/customers`)
  await expectAccessible('home-new')
  await sandbox.call('POST', '/api/v1/customers', { body: { email: 'ada@example.com', fullName: 'Ada' } })
  await site.page.getByText('1 new in the last 30 days').waitFor()
  await site.server.database.owner('update api_keys set last_used_at = now() where environment_id = $1', [
    sandbox.id,
  ])
  await site.page.getByText('Send your first request').waitFor({ state: 'detached' })
})

inBrowser('home counts customers by day, drawn and as a table, and says what happened lately', async () => {
  const { sandbox } = await signedIn()
  const customers = Array.from({ length: 12 }, (_, number) => newCustomer(number))
  const made = await sandbox.call('POST', '/api/v1/customers/batch', { body: { customers } })
  await sandbox.call('PATCH', `/api/v1/customers/${made.json.data.successful[0].id}`, {
    body: { fullName: 'Renamed' },
  })
  await site.server.database.owner(
    `update customers c set created_at = c.created_at - make_interval(days => d.days)
     from (select id, (row_number() over (order by id) * 3 % 20)::int as days from customers where environment_id = $1) d
     where c.environment_id = $1 and c.id = d.id`,
    [sandbox.id],
  )
  await site.server.database.owner('update api_keys set last_used_at = now() where environment_id = $1', [
    sandbox.id,
  ])
  await at('/sandbox')
  await sees('12 new in the last 30 days')
  await site.page.getByRole('img', { name: /^New customers per day/ }).waitFor()
  await sees('changed the customer')
  await site.page.getByText('and 11 more').waitFor()
  await expectAccessible('home')
  await site.page.getByText('Show as a table').click()
  expect(await site.page.getByRole('row').count()).toBe(31)
  await site.page.getByRole('link', { name: 'Renamed' }).first().click()
  await site.page.getByRole('heading', { name: 'Renamed' }).waitFor()
})

inBrowser('the timeline of a customer says who changed what, and leads to the request', async () => {
  const organization = await signedIn()
  const colleague = await site.server.person(organization, 'admin')
  const { id } = (
    await organization.sandbox.call('POST', '/api/v1/customers', {
      body: { email: 'ada@example.com', metadata: { plan: 'team' } },
    })
  ).json.data
  await colleague.sandbox('PATCH', `/api/v1/customers/${id}`, {
    body: { email: 'new@example.com', metadata: { plan: 'enterprise' }, fullName: 'Ada Lovelace' },
  })
  await site.server.database.owner(
    `update environments set simulated_time = '2031-05-01T12:00:00Z' where id = $1`,
    [organization.sandbox.id],
  )
  for (let number = 0; number < 26; number++) {
    await organization.sandbox.call('PATCH', `/api/v1/customers/${id}`, {
      body: { fullName: `Ada ${number}` },
    })
  }
  await at(`/sandbox/customers/${id}`)
  const timeline = site.page.getByRole('region', { name: 'Timeline' })
  await timeline.getByText('in the sandbox’s time').first().waitFor()
  expect(await timeline.getByRole('listitem').count()).toBe(25)
  await button('Show earlier').click()
  await expect.poll(() => timeline.getByRole('listitem').count()).toBe(28)
  const change = timeline.getByRole('listitem').nth(26)
  expect(await change.textContent()).toMatch(/^Test person changed the customer/)
  expect(await change.locator('dl').textContent()).toMatch(/team\s*→\s*became\s*enterprise/)
  await timeline.getByText('API key Test created the customer').waitFor()
  await expectAccessible('timeline')
  await change.getByRole('link', { name: 'Request' }).click()
  await sees(`PATCH /api/v1/customers/${id}`)
})

inBrowser('requests appear as they come, are filtered by the address, and open', async () => {
  const { sandbox } = await signedIn()
  await at('/sandbox/requests')
  await sees('No requests here yet')
  await sandbox.call('POST', '/api/v1/customers', { body: { email: 'a@example.com' } })
  await sandbox.call('GET', '/api/v1/customers?search=someone&limit=5')
  await sandbox.call('GET', '/api/v1/customers/nobody')
  await site.page.getByRole('link', { name: '/api/v1/customers/nobody' }).waitFor()
  expect(await site.page.getByRole('row').count()).toBe(4)
  expect(await site.page.getByText('someone').count()).toBe(0)
  await site.page
    .getByRole('status')
    .filter({ hasText: '3 requests, the newest GET /api/v1/customers/nobody, 404' })
    .waitFor()
  await expectAccessible('requests')
  await field('Status').selectOption('4xx')
  await site.page.waitForURL('**status=4xx')
  await expect.poll(() => site.page.getByRole('row').count()).toBe(2)
  await field('Method').selectOption('POST')
  await sees('No request matches')
  await site.page.reload()
  await sees('No request matches')
  await at('/sandbox/requests?status=4xx')
  await site.page.getByRole('link', { name: '/api/v1/customers/nobody' }).click()
  await site.page.getByRole('heading', { name: 'Request', exact: true }).waitFor()
  await sees('customer_not_found')
  await expectAccessible('request')
  await site.page.goBack()
  await expect.poll(() => site.page.getByRole('row').count()).toBe(2)
  await at('/sandbox/requests/req_unknown')
  await sees('There is no request')
})

inBrowser('one key is picked out of the log', async () => {
  const { sandbox } = await signedIn()
  const key = (await sandbox.call('POST', '/api/v1/api-keys', { body: { name: 'Shop' } })).json.data
  await callerWith(site.server.address, key.apiKey)('GET', '/api/v1/customers')
  await at('/sandbox/requests')
  await site.page.getByRole('link', { name: 'GET /api/v1/customers' }).waitFor()
  await field('Caller').selectOption({ label: `Shop (${key.prefix}…)` })
  await site.page.waitForURL(`**caller=${key.id}`)
  await expect.poll(() => site.page.getByRole('row').count()).toBe(2)
})

inBrowser('an owner pins the API version after a question, and a member is told who may', async () => {
  const organization = await signedIn()
  await at('/sandbox/api-version')
  await site.page.getByRole('radio', { name: /^2026-07-31/ }).check()
  await expectAccessible('api-version')
  await site.page.getByRole('link', { name: 'Request log' }).click()
  await sees('Leave without saving?')
  await button('Keep editing').click()
  await button('Pin the version').click()
  await site.page.getByRole('dialog').getByRole('button', { name: 'Pin the version' }).click()
  await sees('are answered in 2026-07-31 now')
  const reply = await organization.sandbox.call('GET', '/api/v1/customers')
  expect(reply.headers.get('commet-version')).toBe('2026-07-31')
  await signedIn('member', organization)
  await site.page.reload()
  await sees('Owners and admins change it')
  expect(await button('Pin the version').count()).toBe(0)
  expect(await site.page.getByRole('radio', { name: /^2026-07-31/ }).isChecked()).toBe(true)
})

inBrowser('the sandbox says where its clock stands, and live has none', async () => {
  const { sandbox } = await signedIn()
  await at('/sandbox/api-keys')
  await sees('Test clock:')
  await sees('real time')
  await site.server.database.owner(
    `update environments set simulated_time = '2031-05-01T12:00:00Z' where id = $1`,
    [sandbox.id],
  )
  await site.page.reload()
  await site.page.locator('header time').waitFor()
  expect(await site.page.locator('header time').getAttribute('datetime')).toBe('2031-05-01T12:00:00.000Z')
  await expectAccessible('sandbox-clock')
  await site.page.getByRole('link', { name: 'Live', exact: true }).click()
  await site.page.waitForURL('**/live/api-keys')
  expect(await site.page.getByText('Test clock:').count()).toBe(0)
})
