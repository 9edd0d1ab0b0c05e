import {
  createServer,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http'
import type { Socket } from 'node:net'
import { newId } from '../kernel/ids.ts'
import type { Log } from '../kernel/log.ts'
import { refuseFields } from '../kernel/refusal.ts'
import { errorAnswer } from './errors.ts'
import { defaultFold } from './version.ts'

/**
 * Requests that are no HTTP, or that lack what HTTP demands, never reach the routes. They get the same envelope, the same
 * x-request-id and the same log line as every other error.
 */

type Problem = { readonly status: number; readonly reason: string; readonly message: string }

/** Requests that may wait behind others on their connection. Clients that send many at once wait for answers before more. */
const mostWaiting = 32
/** A client that goes on sending behind the answer that says so is cut off. */
const mostIgnored = 500

const tooManyWaiting: Problem = {
  status: 400,
  reason: 'Bad Request',
  message: `is behind more than ${mostWaiting} others on its connection; wait for their answers`,
}

const unmetExpectation: Problem = {
  status: 417,
  reason: 'Expectation Failed',
  message: 'has an Expect header that this server does not meet',
}

export type StrictServices = {
  /** Asked for when it is needed. */
  readonly publicUrl: () => string
  readonly log: Log
  /** Told the status of every request that is turned away. */
  readonly turnedAway: (status: number) => void
}

/** An HTTP server that turns broken requests away. */
export function createStrictServer(
  options: ServerOptions,
  listener: RequestListener,
  services: StrictServices,
): Server {
  const turnAway = (response: ServerResponse, problem: Problem) => {
    const { headers, body } = answerTo(problem, services)
    response.writeHead(problem.status, headers).end(body)
  }
  const server = createServer({ ...options, requireHostHeader: false }, (request, response) => {
    const problem = problemOf(request.url ?? '', request.headers.host, request.httpVersion)
    if (problem !== undefined) return turnAway(response, problem)
    request.headers.host = 'localhost'
    inTurn(request, response)
  })
  const waiting = new WeakMap<Socket, number>()
  /**
   * One request at a time on each connection: a client that sends and does not read the answers would otherwise have all
   * of them made and kept. Node gives a response its socket when the one before it is sent.
   */
  const inTurn: RequestListener = (request, response) => {
    if (response.socket !== null) return listener(request, response)
    const { socket } = request
    const before = waiting.get(socket) ?? 0
    waiting.set(socket, before + 1)
    if (before === mostWaiting) turnAway(response, tooManyWaiting)
    if (before > mostWaiting + mostIgnored) socket.destroy()
    if (before >= mostWaiting) return
    response.once('socket', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1)
      listener(request, response)
    })
  }
  server.on('checkExpectation', (_, response) => turnAway(response, unmetExpectation))
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || hasLeft(error.code)) {
      socket.destroy()
      return
    }
    const problem = meaningOf(error.code)
    const { headers, body } = answerTo(problem, services)
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
    socket.end([`HTTP/1.1 ${problem.status} ${problem.reason}`, ...lines, '', body].join('\r\n'))
  })
  return server
}

/** The client closed before its request was whole. Where that request is under way, its own handling notices. */
function hasLeft(code: string | undefined): boolean {
  return code === 'ECONNRESET' || code === 'HPE_INVALID_EOF_STATE'
}

function answerTo({ status, message }: Problem, { publicUrl, log, turnedAway }: StrictServices) {
  const requestId = newId('request')
  turnedAway(status)
  log.info({ requestId, status }, 'request')
  const { body } = errorAnswer(refuseFields([{ field: 'request', message }]), defaultFold(), publicUrl())
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'x-request-id': requestId,
    connection: 'close',
  }
  return { headers, body }
}

/** What the routes would stumble over. Nothing is read from the Host header; HTTP only demands a sound one. */
function problemOf(url: string, host: string | undefined, httpVersion: string): Problem | undefined {
  const bad = (message: string) => ({ status: 400, reason: 'Bad Request', message })
  if (host === undefined && httpVersion === '1.1') return bad('has no Host header')
  if (host !== undefined && !/^[\w.~!$&'()*+,;=%:[\]-]*$/.test(host))
    return bad('has a Host header that is no host')
  const [path = ''] = url.split('?')
  if (path.includes('\\')) return bad('has a backslash in its path; percent-encode it as %5C')
  if (path.startsWith('/')) return undefined
  return /^https?:\/\//.test(path) && URL.canParse(url) ? undefined : bad('has a target that is no path')
}

function meaningOf(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return {
      status: 431,
      reason: 'Request Header Fields Too Large',
      message: 'has more than 16 KB of headers',
    }
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { status: 408, reason: 'Request Timeout', message: 'took too long to arrive' }
  }
  if (code === 'HPE_INVALID_URL') {
    return {
      status: 400,
      reason: 'Bad Request',
      message: 'has characters in its path or query that must be percent-encoded',
    }
  }
  return { status: 400, reason: 'Bad Request', message: 'is not valid HTTP' }
}
