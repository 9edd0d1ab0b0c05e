import { pino } from 'pino'

/** JSON lines on standard output. Nothing that identifies a person and no secret goes in: log IDs and routes. */
export type Log = {
  info(fields: Readonly<Record<string, unknown>>, message: string): void
  warn(fields: Readonly<Record<string, unknown>>, message: string): void
  error(fields: Readonly<Record<string, unknown>>, message: string): void
}

export function createLog(): Log {
  const settings = {
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (level: string) => ({ level }) },
  }
  return pino(settings, gatheringOutput())
}

/** The lines of one turn of the event loop are written as one: a system call for each would be felt under load. */
function gatheringOutput(): { write(line: string): void } {
  let lines = ''
  const flush = () => {
    if (lines !== '') process.stdout.write(lines)
    lines = ''
  }
  process.on('exit', flush)
  return {
    write: (line) => {
      if (lines === '') setImmediate(flush)
      lines += line
    },
  }
}
