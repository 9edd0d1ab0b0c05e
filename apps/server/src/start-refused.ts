/** The server cannot start, and this one line says why and how to mend it. Nothing else is printed. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused'
}
