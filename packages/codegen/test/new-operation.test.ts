import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { type OperationShape, operations } from '@commet/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { generateLibraries } from '../src/generate.ts'
import { sdkDescription } from '../src/sdk.ts'

/**
 * A contract with operations that do not exist, written into a copy of the five libraries: what appears there without a
 * hand on it, and that each language's own compiler takes it beside the parts that are written by hand.
 */

const root = path.resolve(import.meta.dirname, '../../..')
const run = promisify(execFile)

const coupon = z
  .strictObject({
    id: z.string(),
    percentOff: z.int().meta({ description: 'Hundredths of a percent.' }),
    applies: z.enum(['to_the_first_invoice_only', 'to_every_invoice_of_a_year', 'to_every_invoice_for_good']),
    endsAt: z.iso.datetime().nullable(),
    class: z.string().optional(),
    holders: z.array(
      z.strictObject({ name: z.string(), since: z.iso.datetime() }).meta({ id: 'CouponHolder' }),
    ),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    object: z.literal('coupon'),
  })
  .meta({ id: 'Coupon', description: 'Takes something off a bill.' })

const createCoupon = z
  .strictObject({
    percentOff: z.int().min(1).max(10_000).meta({ description: 'Hundredths of a percent.' }),
    applies: z
      .enum(['to_the_first_invoice_only', 'to_every_invoice_of_a_year', 'to_every_invoice_for_good'])
      .optional(),
    endsAt: z.iso.datetime().nullable().optional(),
    class: z.string().optional(),
    limit: z
      .strictObject({ perCustomer: z.int(), strict: z.boolean().optional() })
      .optional()
      .meta({ id: 'CouponLimit' }),
    metadata: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'CreateCoupon', description: 'The coupon to create.' })

const ofCustomer = z.strictObject({
  id: z.string().meta({ 'x-reference': 'customer', examples: ['user_123'] }),
})
const ofCoupon = z.strictObject({ id: z.string().meta({ examples: ['cou_1'] }) })
const shared = {
  scope: 'customers:write',
  errors: [],
  summary: 'Invented',
  description: 'An invented call.',
} as const

const invented: readonly OperationShape[] = [
  {
    ...shared,
    id: 'coupons.create',
    method: 'POST',
    path: '/coupons',
    body: createCoupon,
    data: coupon,
    answers: { 201: 'The coupon.' },
    exampleBody: { percentOff: 2_500, limit: { perCustomer: 1, strict: true }, metadata: { a_b: 1 } },
  },
  {
    ...shared,
    id: 'coupons.get',
    method: 'GET',
    path: '/coupons/{id}',
    params: ofCoupon,
    data: coupon,
    answers: { 200: 'The coupon.' },
  },
  {
    ...shared,
    id: 'coupons.getActive',
    method: 'GET',
    path: '/coupons/active/{id}',
    params: ofCoupon,
    data: coupon.nullable(),
    answers: { 200: 'The coupon, or null where none is active.' },
  },
  {
    ...shared,
    id: 'coupons.applyTwice',
    method: 'POST',
    path: '/coupons/{couponId}/holders/{holderId}/apply-twice',
    params: z.strictObject({ couponId: z.string(), holderId: z.string() }),
    data: coupon,
    answers: { 200: 'The coupon.' },
  },
  {
    ...shared,
    id: 'customers.listCoupons',
    method: 'GET',
    path: '/customers/{id}/coupons',
    params: ofCustomer,
    query: z.strictObject({ limit: z.int().min(1).default(25), expired: z.boolean().optional() }),
    data: coupon,
    list: true,
    answers: { 200: 'A page of coupons.' },
  },
  {
    ...shared,
    id: 'customers.addCoupon',
    method: 'POST',
    path: '/customers/{id}/coupons',
    params: ofCustomer,
    body: z
      .strictObject({ couponId: z.string(), startsAt: z.iso.datetime().optional() })
      .meta({ id: 'AddCoupon' }),
    data: coupon,
    answers: { 200: 'The coupon.' },
    errors: ['customer_not_found'],
  },
]

const files = generateLibraries(sdkDescription([...operations, ...invented]))
const textOf = (name: string) => files.get(name) ?? ''

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'commet-invented-'))
  const copied = ['typescript/src', 'python/src', 'go', 'java/src', 'php/src', 'php/autoload.php']
  for (const name of copied) {
    await cp(path.join(root, 'sdks', name), path.join(folder, 'sdks', name), { recursive: true })
  }
  for (const [name, text] of files) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true })
    await writeFile(path.join(folder, name), text)
  }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a new operation of the contract, without a line by hand', () => {
  test.each([
    [
      'sdks/typescript/src/resources/coupons.ts',
      '  create(params: CreateCouponParams, options?: RequestOptions)',
    ],
    ['sdks/typescript/src/resources/customers.ts', '  listCoupons(params: ListCouponsCustomersParams'],
    ['sdks/typescript/src/resources/coupons.ts', 'Promise<ApiResponse<Coupon | null>>'],
    ['sdks/python/src/commet/resources/coupons.py', ') -> ApiResponse[Coupon | None]:'],
    ['sdks/go/coupons.go', '(*Response[*Coupon], error)'],
    ['sdks/php/src/Resources/Coupons.php', '@return ApiResponse<Models\\Coupon|null>'],
    ['sdks/python/src/commet/resources/coupons.py', '    async def create('],
    ['sdks/python/src/commet/resources/customers.py', '    def list_coupons('],
    ['sdks/go/coupons.go', 'func (s *CouponsService) Create('],
    ['sdks/go/customers.go', ') ListCouponsAutoPaging('],
    ['sdks/java/src/generated/java/co/commet/CouponsService.java', ' create(CreateCouponParams params)'],
    ['sdks/java/src/generated/java/co/commet/CustomersService.java', ' listCoupons('],
    ['sdks/php/src/Resources/Coupons.php', '    public function create('],
    ['sdks/php/src/Resources/Customers.php', '    public function listCoupons('],
  ])('is a method in %s', (file, method) => {
    expect(textOf(file)).toContain(method)
  })

  test.each([
    ['sdks/typescript/src/resources/types.ts', '  readonly percentOff: number'],
    ['sdks/typescript/src/resources/index.ts', '  Coupon,'],
    ['sdks/python/src/commet/types.py', 'class Coupon(Model):'],
    ['sdks/go/models.go', 'type Coupon struct {'],
    ['sdks/java/src/generated/java/co/commet/Coupon.java', 'public long getPercentOff()'],
    ['sdks/php/src/Models/Coupon.php', '@property-read int $percentOff'],
  ])('brings its model to %s', (file, member) => {
    expect(textOf(file)).toContain(member)
  })

  test('is read and written in Java by its name on the wire where that is a word of the language', () => {
    const model = textOf('sdks/java/src/generated/java/co/commet/Coupon.java')
    expect(model).toContain('import com.fasterxml.jackson.annotation.JsonProperty;\n')
    expect(model).toContain('\n\n  @JsonProperty("class")\n  private String class_;\n\n')
    expect(model.match(/@JsonProperty/g)).toHaveLength(1)
    const params = textOf('sdks/java/src/generated/java/co/commet/CreateCouponParams.java')
    expect(params).toContain('fields.setUnlessNull("class", class_);')
  })

  test.each([
    [
      'typescript',
      '### commet.coupons.create',
      'commet.coupons.create({\n  percentOff: 2500,\n  limit: { perCustomer: 1, strict: true },',
    ],
    [
      'python',
      '### commet.coupons.create',
      'limit={"per_customer": 1, "strict": True},\n    metadata={"a_b": 1},',
    ],
    [
      'go',
      '### client.Coupons.Create',
      'Limit:      &commet.CouponLimitParams{PerCustomer: 1, Strict: commet.Bool(true)},',
    ],
    [
      'java',
      '### commet.coupons().create',
      '.limit(CouponLimitParams.builder().perCustomer(1).strict(true).build())',
    ],
    ['php', '### $commet->coupons->create', "limit: ['perCustomer' => 1, 'strict' => true],"],
  ])('is on the reference page of %s, with an example', (language, heading, example) => {
    const page = textOf(`sdks/${language}/REFERENCE.md`)
    expect(page).toContain(`\n${heading}\n`)
    expect(page).toContain(example)
    expect(page).toContain('Hundredths of a percent.')
  })
})

const tools = {
  python: await has('python3', '--version'),
  go: await has('go', 'version'),
  java: (await has('javac', '--version')) && jacksonJars().every(existsSync),
  php: await has('php', '--version'),
}

describe('the libraries with it', () => {
  test('TypeScript is formatted, and type-checks with its examples', async () => {
    const source = path.join(folder, 'sdks/typescript')
    await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'))
    await cp(path.join(root, 'biome.json'), path.join(folder, 'biome.json'))
    await cp(path.join(root, 'tsconfig.base.json'), path.join(folder, 'tsconfig.base.json'))
    await cp(path.join(root, 'sdks/typescript/package.json'), path.join(source, 'package.json'))
    await cp(path.join(root, 'sdks/typescript/tsconfig.build.json'), path.join(source, 'tsconfig.build.json'))
    const examples = [...textOf('sdks/typescript/REFERENCE.md').matchAll(/^```ts\n([\s\S]*?)^```/gm)]
    const [first, ...others] = examples.map(([, code = '']) => code.replace('@commet/node', './index.ts'))
    await writeFile(
      path.join(source, 'src/examples.ts'),
      [first, ...others.map((code) => `{\n${code}}`)].join('\n'),
    )
    await run(process.execPath, [
      path.join(root, 'node_modules/typescript/bin/tsc'),
      ...['-p', path.join(source, 'tsconfig.build.json'), '--noEmit'],
    ])
    const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome')
    await run(process.execPath, [biome, 'check', '--vcs-enabled=false', path.join(source, 'src/resources')], {
      cwd: folder,
    })
  }, 60_000)

  test.runIf(tools.python)('Python compiles', async () => {
    await run('python3', ['-m', 'compileall', '-q', path.join(folder, 'sdks/python/src')])
  })

  test.runIf(tools.go)(
    'Go is formatted and passes vet',
    async () => {
      const cwd = path.join(folder, 'sdks/go')
      const { stdout } = await run('gofmt', ['-l', '.'], { cwd })
      expect(stdout).toBe('')
      await run('go', ['vet', '.'], { cwd, env: { ...process.env, GOFLAGS: '-mod=mod', GOWORK: 'off' } })
    },
    60_000,
  )

  test.runIf(tools.java)(
    'Java compiles',
    async () => {
      const sources = ['main', 'generated'].map((part) =>
        path.join(folder, `sdks/java/src/${part}/java/co/commet`),
      )
      const names = await Promise.all(
        sources.map(async (source) => (await readdir(source)).map((name) => path.join(source, name))),
      )
      const classes = path.join(folder, 'classes')
      const options = ['--release', '17', '-Xlint:all', '-Werror', '-proc:none', '-d', classes]
      await run('javac', [...options, '-cp', jacksonJars().join(':'), ...names.flat()])
    },
    60_000,
  )

  test.runIf(tools.php)('PHP loads every class', async () => {
    const names = ['Models\\Coupon', 'Models\\CouponHolder', 'Resources\\Coupons', 'Resources\\Customers']
    const loads = names.map((name) => `class_exists('Commet\\${name}') || exit(1);`).join(' ')
    const autoload = path.join(folder, 'sdks/php/autoload.php')
    const code = `require '${autoload}'; ${loads} new Commet\\Commet(apiKey: 'ck_sandbox_1');`
    await run('php', ['-d', 'error_reporting=-1', '-r', code])
  })
})

async function has(command: string, argument: string): Promise<boolean> {
  return run(command, [argument]).then(
    () => true,
    () => false,
  )
}

/** Where the library's own check has put them. */
function jacksonJars(): readonly string[] {
  const repository = path.join(homedir(), '.m2/repository/com/fasterxml/jackson/core')
  return ['databind', 'core', 'annotations'].map((part) =>
    path.join(repository, `jackson-${part}/2.17.2/jackson-${part}-2.17.2.jar`),
  )
}
