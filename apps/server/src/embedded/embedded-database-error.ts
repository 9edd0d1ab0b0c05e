// Owns: the one error the embedded database ends a start with.
// Does not own: printing it or leaving the process.
// Always: the message is one line that says what is wrong and how to mend it.

/** Why the embedded database could not be started or kept running. */
export type EmbeddedDatabaseProblem =
  | 'unwritable'
  | 'full_disk'
  | 'occupied'
  | 'wrong_version'
  | 'wrong_owner'
  | 'no_binary'
  | 'failed'

/** Ends a start of the embedded database; `message` is one line for the operator, `problem` is for code. */
export class EmbeddedDatabaseError extends Error {
  override readonly name = 'EmbeddedDatabaseError'
  readonly problem: EmbeddedDatabaseProblem

  constructor(problem: EmbeddedDatabaseProblem, message: string, options?: { readonly cause?: unknown }) {
    super(message.replaceAll(/\s*\n\s*/g, ' '), options)
    this.problem = problem
  }
}

/** Turns a failure of the file system on `folder` into one line; anything else is given back as it came. */
export function explainFileFailure(error: unknown, folder: string): unknown {
  const code = errorCode(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return fullDisk(folder, error)
  const why = code === undefined ? undefined : WHY_UNWRITABLE[code]
  return why === undefined ? error : unwritable(folder, { why, cause: error })
}

/** The line for a data folder that cannot be used. */
export function unwritable(
  folder: string,
  { why, cause }: { readonly why: string; readonly cause?: unknown },
): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    'unwritable',
    `The data folder ${folder} cannot be used (${why}): ` +
      'make it writable for this user, or set COMMET_DATA_DIR to another folder.',
    { cause },
  )
}

/**
 * Whether PostgreSQL's own lines say that the disk is full (it may notice only that less was written than
 * asked).
 */
export function tellsOfFullDisk(output: string): boolean {
  return /No space left on device|Disk quota exceeded|Check free disk space/.test(output)
}

/** The line for a disk without room. */
export function fullDisk(folder: string, cause?: unknown): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(
    'full_disk',
    `The disk that holds the data folder ${folder} is full: make room on it, ` +
      'or set COMMET_DATA_DIR to a folder on another disk.',
    { cause },
  )
}

/** The system's name of a failure, such as `ENOENT`, where it has one. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

const WHY_UNWRITABLE: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'part of the path is a file, not a folder',
  EEXIST: 'it is a file, not a folder',
  ELOOP: 'its symbolic links run in a circle',
  ENAMETOOLONG: 'the path is too long',
}
