package commet

// Version of this package, as sent in the User-Agent header.
const Version = "0.1.0"

// APIVersion is the version of the API the client asks for unless WithAPIVersion says otherwise.
const APIVersion = "2026-07-11"
