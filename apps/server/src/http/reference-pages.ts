import { createHash } from 'node:crypto'
import { type ErrorCode, type ErrorDefinition, errors, type RetryAdvice } from '@commet/contract'
import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import { Refusal, refuseFields } from '../kernel/refusal.ts'
import { errorAnswer } from './errors.ts'
import { styles } from './reference-styles.ts'
import { defaultFold } from './version.ts'

/** The pages for people: what each error means and what mends it. They hold no script and load nothing. */

/** Where the pages are reached, and the path of that, which may lie behind a proxy: `` or `/billing`. */
export type Site = { readonly publicUrl: string; readonly base: string }

export function siteOf(publicUrl: string): Site {
  return { publicUrl, base: new URL(publicUrl).pathname.replace(/\/+$/, '') }
}

export type Page = HtmlEscapedString | Promise<HtmlEscapedString>

const styleHash = createHash('sha256').update(styles).digest('base64')

/** Nothing but the one style sheet that stands in the page. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${styleHash}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

/** Scalar sets styles as it goes and reads documents and the API of this server; it reaches no one else. */
export function referencePolicy(publicUrl: string): string {
  const self = `'self' ${new URL(publicUrl).origin}`
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src ${self}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

/** Which script draws the reference, and which version of the API the reader asked for. */
export type Reference = { readonly script: string; readonly version: string | undefined }

export function referencePage({ base }: Site, { script, version }: Reference): Page {
  const query = version === undefined ? '' : `?version=${encodeURIComponent(version)}`
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>Commet API reference</title>
  </head>
  <body>
    <div id="reference"></div>
    <noscript>This page needs JavaScript. The same content as data: <a href="${base}/openapi.json">${base}/openapi.json</a>. Error codes: <a href="${base}/reference/errors">${base}/reference/errors</a>.</noscript>
    <script src="${base}/reference/scalar.js?v=${script}"></script>
    <script src="${base}/reference/start.js${query}"></script>
  </body>
</html>
`
}

export function errorIndexPage({ base }: Site): Page {
  const rows = codes.map(
    (code) => html`
        <li>
          <a href="${base}/reference/errors/${code}"><code>${code}</code></a>
          <span class="status">${errors[code].status}</span>
          <p>${errors[code].meaning}</p>
        </li>`,
  )
  return layout(
    base,
    'Error codes',
    html`
      <h1>Error codes</h1>
      <p class="lead">
        Every error carries one of these codes, a message that says what was wrong, and a link to the page of its code.
      </p>
      <ul class="codes">${rows}
      </ul>`,
  )
}

export function errorPage({ base, publicUrl }: Site, code: ErrorCode): Page {
  const definition: ErrorDefinition = errors[code]
  return layout(
    base,
    code,
    html`
      <h1><code>${code}</code></h1>
      <p class="lead">${definition.meaning}</p>
      <h2>What to do</h2>
      <p>${definition.remedy}</p>
      <dl>
        <div><dt>HTTP status</dt><dd>${statusText(code)}</dd></div>
        <div><dt>Type</dt><dd><code>${definition.type}</code></dd></div>
        <div><dt>Send it again?</dt><dd>${retryWords[definition.retry]}</dd></div>
      </dl>
      <h2>What the answer looks like</h2>
      <pre tabindex="0"><code>${exampleBody(code, publicUrl)}</code></pre>
      <p class="note">
        When you report a problem, name the <code>x-request-id</code> header of the answer.
      </p>`,
  )
}

export function unknownErrorPage({ base }: Site, code: string): Page {
  return layout(
    base,
    'No such error code',
    html`
      <h1>No such error code</h1>
      <p class="lead">This server answers with no code named <code>${code.slice(0, 100)}</code>.</p>
      <p><a href="${base}/reference/errors">All error codes</a></p>`,
  )
}

export const codes = Object.keys(errors).sort() as readonly ErrorCode[]

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errors, code)
}

const retryWords: Readonly<Record<RetryAdvice, string>> = {
  never: 'No. The same request gets the same answer.',
  after_change: 'After something has changed: the request itself, or what it asks about.',
  same_key: 'Yes, in a moment, unchanged and with the same Idempotency-Key: nothing is done twice.',
  wait: 'Yes, after the number of seconds in the Retry-After header.',
}

/** Statuses that HTTP has for special cases of a code. */
const otherStatuses: Partial<Record<ErrorCode, string>> = {
  endpoint_not_available: '405 where the path knows other methods',
  validation_error: '413 for a body over 1 MB, 415 for one that is not JSON',
}

function statusText(code: ErrorCode): string {
  const other = otherStatuses[code]
  return other === undefined ? String(errors[code].status) : `${errors[code].status}; ${other}`
}

function exampleBody(code: ErrorCode, publicUrl: string): string {
  const { body } = errorAnswer(exampleRefusal(code), defaultFold(), publicUrl)
  return JSON.stringify(JSON.parse(body), null, 2)
}

function exampleRefusal(code: ErrorCode): Refusal {
  if (code === 'validation_error') return refuseFields([{ field: 'email', message: 'is required' }])
  return new Refusal(code, errors[code].meaning)
}

function layout(base: string, title: string, content: Page): Page {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>${title} · Commet</title>
    <style>${raw(styles)}</style>
  </head>
  <body>
    <header>
      <a class="home" href="${base}/reference">Commet</a>
      <nav><a href="${base}/reference">API reference</a> <a href="${base}/reference/errors">Error codes</a></nav>
    </header>
    <main>${content}
    </main>
  </body>
</html>
`
}
