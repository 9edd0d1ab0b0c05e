import { openApiDocument } from '@commet/codegen/openapi'
import { defaultVersion, isVersion, versions } from '@commet/contract'
import { refuseFields } from '../kernel/refusal.ts'

/** The OpenAPI document of each version, as JSON text, made once for this server's address. */
export function createDocuments(publicUrl: string): (version: string | undefined) => string {
  const made = new Map<string, string>()
  return (asked) => {
    const version = known(asked)
    const kept = made.get(version)
    if (kept !== undefined) return kept
    const text = JSON.stringify(openApiDocument({ version, serverUrl: publicUrl }))
    made.set(version, text)
    return text
  }
}

function known(version: string | undefined): string {
  if (version === undefined) return defaultVersion
  if (isVersion(version)) return version
  const dates = versions.map(({ date }) => date).join(', ')
  throw refuseFields([{ field: 'version', message: `is not an API version; send one of ${dates}` }])
}
