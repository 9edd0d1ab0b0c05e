import { readFile } from 'node:fs/promises'
import { startTestServer, type TestServer } from '@commet/testkit'
import { expect } from 'vitest'
import { inBrowser, openSite } from './browser.ts'

/** A file of customers, from choosing it to its report, as a person sees it. */

const site = openSite()
const { at, button, field, sees, signedIn, expectAccessible } = site

async function withWorker(work: () => Promise<void>): Promise<void> {
  const worker: TestServer = await startTestServer({ database: site.server.database, worker: true })
  await work().finally(() => worker.stop())
}

const choose = (name: string, text: string | Buffer) =>
  field('CSV file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })

const count = async (name: string) => {
  const [fact] = await site.page.locator('dl > div').filter({ hasText: name }).all()
  return fact?.locator('dd').textContent()
}

const cellsOf = async () =>
  (await site.page.getByRole('region', { name: 'Rows with an error' }).getByRole('row').all()).slice(1)

/** Row numbers as a spreadsheet shows them, and what is wrong there. */
const wrong: Readonly<Record<number, readonly [cells: string, field: string, message: string]>> = {
  2: ['not an address,user_first,A,', 'E-mail address', 'Invalid email format'],
  700: [',user_699,B,', 'E-mail address', 'is required'],
  1500: ['c@example.com,cus_x,C,', 'User ID', 'must not start with "cus_"'],
  2222: [`d@example.com,user_2221,${'x'.repeat(201)},`, 'Name', 'must be at most 200 characters'],
  3000: ['e@example.com,user_2999,E,Mars/Olympus', 'Time zone', 'must be an IANA time zone'],
  4001: ['f@example.com,user_4000,F', 'Row', 'has 3 cells where the head has 4'],
  5001: ['g@example.com,..,G,', 'User ID', 'must not be "." or ".."'],
}

function fileOf(rows: number): string {
  const lines = Array.from({ length: rows }, (_, place) => {
    const number = place + 2
    return (
      wrong[number]?.[0] ?? `person${number}@example.com,user_${place + 1},Person ${number},Europe/Berlin`
    )
  })
  return ['Email,Customer ID,Company,Time zone', ...lines].join('\r\n')
}

inBrowser('an import of 5,000 rows names the seven that are wrong, and makes customers of the rest', () =>
  withWorker(async () => {
    const { sandbox } = await signedIn('member')
    await at('/sandbox/customers')
    await site.page.getByRole('main').getByRole('link', { name: 'Import' }).click()
    await sees('No file yet')
    expect(await site.page.locator('pre').allTextContents()).toEqual([
      'email,externalId,fullName\nbilling@example.com,user_123,Example Ltd',
      expect.stringContaining(`curl -X POST ${site.server.address}/api/v1/customers/batch`),
    ])
    await expectAccessible('imports-empty')
    await choose('customers of 2026.csv', fileOf(5_000))
    await site.page.getByRole('heading', { name: 'customers of 2026.csv' }).waitFor()
    await sees('person3@example.com')
    expect(await field('Column Customer ID becomes').inputValue()).toBe('externalId')
    await expectAccessible('import-columns')
    await button('Check all rows').click()
    await button('Import 4,993 customers into sandbox').waitFor()
    expect([await count('Would be created'), await count('With an error')]).toEqual(['4,993', '7'])
    expect((await sandbox.call('GET', '/api/v1/customers')).json.data).toEqual([])
    await expectAccessible('import-checked')
    await button('Import 4,993 customers into sandbox').click()
    await sees('You can leave this page')
    await site.page.reload()
    await sees('What the import did')
    expect([await count('Created'), await count('Existed already'), await count('Failed')]).toEqual([
      ...['4,993', '0', '7'],
    ])
    const shown = await Promise.all((await cellsOf()).map((row) => row.getByRole('cell').allTextContents()))
    expect(shown).toEqual(
      Object.entries(wrong).map(([row, [, name, message]]) => [row, name, expect.stringContaining(message)]),
    )
    await expectAccessible('import-done')
    const [report] = await Promise.all([
      site.page.waitForEvent('download'),
      button('Download the rows with an error').click(),
    ])
    expect((await readFile(await report.path(), 'utf8')).split('\r\n')).toHaveLength(1 + 7 + 1)
    const [{ many } = {}] = await site.server.database.owner<{ many: number }>(
      'select count(*)::int as many from customers where environment_id = $1',
      [sandbox.id],
    )
    expect(many).toBe(4_993)
    await site.page.getByRole('link', { name: 'All imports' }).click()
    await site.page.getByRole('row', { name: /customers of 2026.csv Done 5,000 4,993 0 7/ }).waitFor()
    await expectAccessible('imports')
    await site.page.getByRole('link', { name: 'customers of 2026.csv' }).click()
    await site.page.getByRole('link', { name: 'Show the customers' }).click()
    await site.page.getByRole('heading', { name: 'Customers', exact: true }).waitFor()
  }),
)

inBrowser('columns are mapped by hand, and a choice is there after a reload', () =>
  withWorker(async () => {
    const { sandbox } = await signedIn()
    await at('/sandbox/imports')
    await choose('odd.csv', 'contact;email;Plan\nada@example.com;x;team\n')
    await field('Column contact becomes').selectOption('E-mail address')
    expect(await field('Column email becomes').inputValue()).toBe('')
    // On the way through the others, as arrow keys go, nobody loses what was chosen before.
    await field('Column email becomes').selectOption('E-mail address')
    expect(await field('Column contact becomes').inputValue()).toBe('')
    await field('Column email becomes').selectOption('Nothing')
    expect(await field('Column contact becomes').inputValue()).toBe('email')
    await field('Column Plan becomes').selectOption('Metadata: Plan')
    await button('Check all rows').click()
    await button('Import 1 customer into sandbox').waitFor()
    await site.page.reload()
    await field('Column contact becomes').waitFor()
    expect(await field('Column contact becomes').inputValue()).toBe('email')
    await field('Column Plan becomes').selectOption('Name')
    await expect.poll(() => button('Import 1 customer into sandbox').count()).toBe(0)
    await button('Check all rows').click()
    await button('Import 1 customer into sandbox').click()
    await sees('What the import did')
    const { json } = await sandbox.call('GET', '/api/v1/customers')
    expect(json.data).toMatchObject([{ email: 'ada@example.com', fullName: 'team', metadata: {} }])
  }),
)

inBrowser('a file that cannot be taken is refused where it was chosen, with the reason', async () => {
  await signedIn()
  await at('/live/imports')
  await choose('broken.csv', Buffer.from('email\nZo\xeb@example.com\n', 'latin1'))
  await sees('is not text in UTF-8: see line 2')
  await choose('large.csv', Buffer.alloc(21 * 1024 * 1024, 'a'))
  await sees('This file has 21 MB, and 20 MB is the most')
  await expectAccessible('import-refused')
})

inBrowser('an import that no worker takes up says why, and can be canceled', async () => {
  await signedIn()
  await at('/sandbox/imports')
  await choose('waiting.csv', 'email\nada@example.com\n')
  await button('Check all rows').click()
  await sees('Where COMMET_WORKER is off')
  await expectAccessible('import-waiting')
  await button('Cancel import').click()
  await site.page.getByRole('dialog').getByRole('button', { name: 'Cancel import' }).click()
  await sees('What was done before it was canceled')
  expect(await count('Not looked at')).toBe('1')
})
