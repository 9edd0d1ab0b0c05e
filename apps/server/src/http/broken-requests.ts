import type { Server } from 'node:http'
import { newId } from '../kernel/ids.ts'
import { refuseFields } from '../kernel/refusal.ts'
import { errorAnswer } from './errors.ts'
import { defaultFold } from './version.ts'

/** Requests that are no HTTP get the same envelope as every other error; they never reach the routes. */
export function listenForBrokenRequests(server: Server, publicUrl: string): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (!socket.writable || error.code === 'ECONNRESET') {
      socket.destroy()
      return
    }
    const { status, reason, message } = meaningOf(error.code)
    const { body } = errorAnswer(refuseFields([{ field: 'request', message }]), defaultFold(), publicUrl)
    socket.end(
      [
        `HTTP/1.1 ${status} ${reason}`,
        'content-type: application/json',
        `content-length: ${Buffer.byteLength(body)}`,
        `x-request-id: ${newId('request')}`,
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    )
  })
}

function meaningOf(code: string | undefined) {
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
