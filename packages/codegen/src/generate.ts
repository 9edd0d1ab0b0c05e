import { type OpenApiDocument, openApiDocument } from './openapi.ts'
import { referencePages } from './reference/pages.ts'
import { type SdkDescription, sdkDescription } from './sdk.ts'
import { callsFile } from './snippets/calls-file.ts'
import { targets } from './targets/targets.ts'

/** Every generated file of the project: its path from the root, and its text. The same contract gives the same bytes. */
export function generate(): ReadonlyMap<string, string> {
  const description = sdkDescription()
  return new Map([
    ['spec/openapi.json', printJson(openApiFile(description.notice))],
    ['packages/codegen/src/snippets/calls.ts', callsFile(description)],
    ...generateLibraries(description),
  ])
}

/** The description of the libraries, and what is written from it. */
export function generateLibraries(description: SdkDescription): ReadonlyMap<string, string> {
  return new Map([
    ['spec/sdk.json', printJson(description)],
    ...targets.flatMap((target) => [...target.files(description)]),
    ...referencePages(description),
  ])
}

/** The document as a file of the project; what a server answers needs no word on where it was written. */
function openApiFile(notice: string): OpenApiDocument {
  const { openapi, ...described } = openApiDocument()
  return { openapi, 'x-generated': notice, ...described }
}

function printJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
