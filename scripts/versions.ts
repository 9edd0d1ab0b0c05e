import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { root } from './run-programs.ts'

/**
 * `npm run versions` prints the version of this project, server and client libraries alike; `npm run versions -- 0.2.0`
 * sets it. The one place that tells it is the root package.json; every other place repeats it, and a test compares them.
 */

export type Place = {
  readonly file: string
  /** Matches the version alone, every time the file says it. */
  readonly version: RegExp
}

const manifest = /(?<=^ {2}"version": ")[^"]+|(?<=^ {4}"@commet\/[a-z]+": ")[^"]+/gm
const lockFile =
  /(?<="name": "(?:commet|@commet\/[a-z]+)",\n +"version": ")[^"]+|(?<=^ +"@commet\/[a-z]+": ")[^"]+/gm
const mavenCoordinates = /(?<=<artifactId>commet-java<\/artifactId>\s+<version>)[^<]+/g

export const places: readonly Place[] = [
  { file: 'package.json', version: manifest },
  { file: 'package-lock.json', version: lockFile },
  { file: 'apps/dashboard/package.json', version: manifest },
  { file: 'apps/server/package.json', version: manifest },
  { file: 'packages/codegen/package.json', version: manifest },
  { file: 'packages/contract/package.json', version: manifest },
  { file: 'packages/engine/package.json', version: manifest },
  { file: 'packages/testkit/package.json', version: manifest },
  { file: 'sdks/typescript/package.json', version: manifest },
  { file: 'sdks/typescript/src/version.ts', version: /(?<=^export const SDK_VERSION = ')[^']+/gm },
  { file: 'sdks/python/src/commet/_version.py', version: /(?<=^SDK_VERSION = ")[^"]+/gm },
  { file: 'sdks/go/version.go', version: /(?<=^const Version = ")[^"]+/gm },
  { file: 'sdks/java/pom.xml', version: mavenCoordinates },
  { file: 'sdks/java/README.md', version: mavenCoordinates },
  { file: 'sdks/java/src/main/java/co/commet/Version.java', version: /(?<= String SDK = ")[^"]+/g },
  { file: 'sdks/php/src/Version.php', version: /(?<= const SDK = ')[^']+/g },
]

/** What one place says, as often as it says it. */
export function versionsIn(text: string, { version }: Place): readonly string[] {
  return text.match(version) ?? []
}

export async function ownVersion(folder: string): Promise<string> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}

/** Registries write a version with more than three numbers each in its own way, so there is none. */
const shape = /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/

export async function setVersion(folder: string, version: string): Promise<void> {
  if (!shape.test(version)) throw new Error(`A version is three numbers such as 0.2.0; got ${version}.`)
  for (const place of places) {
    const file = path.join(folder, place.file)
    const text = await readFile(file, 'utf8')
    if (versionsIn(text, place).length === 0) throw new Error(`${place.file} says no version.`)
    await writeFile(file, text.replace(place.version, version))
  }
}

if (import.meta.main) {
  const [wanted] = process.argv.slice(2)
  if (wanted !== undefined) {
    await setVersion(root, wanted)
    console.log('Now say in CHANGELOG.md and sdks/*/CHANGELOG.md what is new; npm test fails until they do.')
  }
  console.log(await ownVersion(root))
}
