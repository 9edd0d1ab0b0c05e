// Owns the two versions the client names: its own and the API's.
// Does not decide which API version a call uses; the options do.
// Always: SDK_VERSION equals the version in package.json (a test compares them).

/** Version of this package, as sent in the `User-Agent` header. */
export const SDK_VERSION = '0.1.0'

/** API version the client asks for unless `apiVersion` says otherwise. */
export const API_VERSION = '2026-07-11'
