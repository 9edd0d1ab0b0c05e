import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { type SdkModel, type SdkType, sdkDescription } from '../src/index.ts'

/** The TypeScript library's resources are written by hand: here they are held against the description. */

const folder = path.resolve(import.meta.dirname, '../../../sdks/typescript/src/resources')
const { resources, models } = sdkDescription()
const modelNamed = new Map(models.map((model) => [model.name, model]))
const fileNamed = (wire: string) => `${wire.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`

test.each(resources)(
  '$wire has every call and every field that the contract has',
  async ({ wire, operations }) => {
    const text = await readFile(path.join(folder, fileNamed(wire)), 'utf8')
    for (const { names, path: route, query, body, answer } of operations) {
      expect(text, `${wire}.${names.typescript}`).toContain(`\n  ${names.typescript}(`)
      expect(text, route).toContain(`/${route.split('/')[1]}`)
      for (const { wire: name } of query) expect(text, name).toContain(`readonly ${name}?:`)
      if (body !== undefined) expectFields(text, { kind: 'model', model: body.model }, new Set())
      if (!isDeletion(modelIn(answer.type))) expectFields(text, answer.type, new Set())
    }
  },
)

/** Every deletion answers one shape, which the library has once for all resources. */
function isDeletion(model: SdkModel | undefined): boolean {
  return model?.fields.some(({ wire }) => wire === 'deleted') === true
}

function modelIn(type: SdkType): SdkModel | undefined {
  if (type.kind === 'list') return modelIn(type.of)
  return type.kind === 'model' ? modelNamed.get(type.model) : undefined
}

function expectFields(text: string, type: SdkType, seen: Set<string>): void {
  const model = modelIn(type)
  if (model === undefined || seen.has(model.name)) return
  seen.add(model.name)
  for (const field of model.fields) {
    const mark = field.required ? '' : '?'
    expect(text, `${model.name}.${field.wire}`).toContain(`readonly ${field.wire}${mark}:`)
    expectFields(text, field.type, seen)
  }
}
