import path from 'node:path'
import { z } from 'zod'
import { isNet } from './http/client-address.ts'
import { nearest } from './kernel/field-errors.ts'
import { modeOf } from './modules/organizations/api-key-secret.ts'
import { StartRefused } from './start-refused.ts'

/** The settings: what each one means, what it may be, and what it is when it is not given. The only reader of the environment. */

const onOff = (fallback: 'on' | 'off') =>
  z
    .enum(['on', 'off'], 'must be on or off')
    .default(fallback)
    .transform((value) => value === 'on')

/** A retention: 0, which is the default, keeps everything. */
const wholeNumber = (unit: string, most: number) => {
  const message = `must be a whole number of ${unit} from 0 (for ever) to ${most}`
  return z.coerce.number(message).int(message).min(0, message).max(most, message).default(0)
}

const port = z.coerce
  .number('must be a port from 0 to 65535')
  .int('must be a port from 0 to 65535')
  .min(0)
  .max(65535)

const settings = z.object({
  PORT: port.default(3000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: z
    .string()
    .regex(/^(postgres|postgresql|socket):/, 'must look like postgres://user:password@host:5432/database')
    .optional(),
  COMMET_DATA_DIR: z.string().default('.commet'),
  COMMET_API_KEY: z
    .string()
    .refine(
      (key) => modeOf(key) !== undefined,
      'must be ck_sandbox_ or ck_live_ followed by at least 22 letters and digits',
    )
    .optional(),
  COMMET_DEMO: z
    .enum(['true', 'false'], 'must be true or false')
    .default('true')
    .transform((value) => value === 'true'),
  COMMET_PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error: 'must be an http or https address, such as https://billing.example.com',
    })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  COMMET_SECRET: z
    .string()
    .min(32, 'must be at least 32 characters; make one with: openssl rand -hex 32')
    .optional(),
  COMMET_WORKER: onOff('on'),
  COMMET_EVENT_RETENTION_DAYS: wholeNumber('days', 36_500),
  COMMET_AUDIT_RETENTION_MONTHS: wholeNumber('months', 1_200),
  COMMET_METRICS_TOKEN: z
    .string()
    .regex(
      /^[\x21-\x7e]{16,200}$/,
      'must be at least 16 printable characters; make one with: openssl rand -hex 16',
    )
    .optional(),
  COMMET_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((list) => list.split(/[\s,]+/).filter((net) => net !== ''))
    .refine(
      (nets) => nets.every(isNet),
      'must be addresses or nets of proxies with commas in between, such as 10.0.0.7 or 10.0.0.0/8, and not everybody',
    ),
  COMMET_RATE_LIMIT: z.coerce
    .number('must be a number of requests per minute and key, or 0 for no limit')
    .int('must be a whole number')
    .min(0, 'must not be negative')
    .default(60_000),
})

export type Config = {
  readonly port: number
  readonly host: string
  readonly databaseUrl: string | undefined
  readonly dataFolder: string
  readonly apiKey: string | undefined
  readonly demo: boolean
  readonly publicUrl: string | undefined
  readonly secret: string | undefined
  readonly worker: boolean
  /** Days that events are kept; 0 is for ever. */
  readonly eventRetentionDays: number
  /** Months that the audit history is kept; 0 is for ever. */
  readonly auditRetentionMonths: number
  /** What readers of /metrics must send; without one, only this machine reads them. */
  readonly metricsToken: string | undefined
  /** Requests per minute and API key; 0 is no limit. */
  readonly rateLimitPerMinute: number
  /** Addresses and nets of the proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  /** Lines worth printing once at start. */
  readonly warnings: readonly string[]
}

/** Reads the settings, or refuses the start in one line that names the first wrong one. */
export function readConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  )
  const unknown = unknownNames(Object.keys(given))
  const result = settings.safeParse(given)
  if (!result.success) throw wrongSetting(result.error)
  const found = result.data
  if (found.DATABASE_URL !== undefined && found.COMMET_SECRET === undefined) {
    throw new StartRefused(
      'COMMET_SECRET is required with DATABASE_URL: set it to the same 32 or more characters on every server (make one with: openssl rand -hex 32).',
    )
  }
  return {
    port: found.PORT,
    host: found.HOST,
    databaseUrl: found.DATABASE_URL,
    dataFolder: path.resolve(found.COMMET_DATA_DIR),
    apiKey: found.COMMET_API_KEY,
    demo: found.COMMET_DEMO,
    publicUrl: found.COMMET_PUBLIC_URL,
    secret: found.COMMET_SECRET,
    worker: found.COMMET_WORKER,
    eventRetentionDays: found.COMMET_EVENT_RETENTION_DAYS,
    auditRetentionMonths: found.COMMET_AUDIT_RETENTION_MONTHS,
    metricsToken: found.COMMET_METRICS_TOKEN,
    trustedProxies: found.COMMET_TRUSTED_PROXIES,
    rateLimitPerMinute: found.COMMET_RATE_LIMIT,
    warnings: [...unknown, ...publicUrlWarnings(found.COMMET_PUBLIC_URL)],
  }
}

function wrongSetting(error: z.ZodError): StartRefused {
  const [issue] = error.issues
  const name = issue?.path.map(String).join('.') ?? 'A setting'
  return new StartRefused(`${name} ${issue?.message ?? 'is wrong'}.`)
}

const ownNames = Object.keys(settings.shape)
/** Names of the SDKs, the command line and the tests, which share our prefix. */
const foreignNames: ReadonlySet<string> = new Set([
  'COMMET_BASE_URL',
  'COMMET_API_VERSION',
  'COMMET_ENVIRONMENT',
  'COMMET_NO_UPDATE_CHECK',
  'COMMET_WEBHOOK_SECRET',
  'COMMET_TELEMETRY',
  'COMMET_NODE20',
])

/** A near miss of a name of ours ends the start; another COMMET_ name is worth a warning. */
function unknownNames(given: readonly string[]): readonly string[] {
  return given
    .filter((name) => !ownNames.includes(name) && !foreignNames.has(name) && looksLikeOurs(name))
    .map((name) => {
      const meant = meantName(name)
      if (meant !== undefined) throw new StartRefused(`${name} is not a setting; did you mean ${meant}?`)
      return `${name} is not a setting of this server and is ignored.`
    })
}

function looksLikeOurs(name: string): boolean {
  return name.startsWith('COMMET_') || nearest(name, ['DATABASE_URL']) !== undefined
}

function meantName(name: string): string | undefined {
  const bare = name.replace(/^COMMET_/, '')
  return ownNames.find((own) => own === bare) ?? nearest(name, ownNames)
}

function publicUrlWarnings(publicUrl: string | undefined): readonly string[] {
  if (publicUrl === undefined || publicUrl.startsWith('https:') || isLoopback(new URL(publicUrl).hostname))
    return []
  return [`COMMET_PUBLIC_URL is ${publicUrl}: without https, keys and customers cross the network readable.`]
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || host.startsWith('127.')
}
