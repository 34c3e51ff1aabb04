import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What people hand over: options, settings, inputs. */
const GIVEN = /(Options|Settings|Inputs|Input|Content|Parts)$/

const sources = readdirSync(join(root, 'packages')).flatMap(name => {
  const folder = join('packages', name, 'src')
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  return files.filter(file => file.endsWith('.ts')).map(file => join(folder, file))
})

test('every optional property of what people hand over may be undefined too', () => {
  expect(sources.length).toBeGreaterThan(500)
  const lacking = sources.flatMap(file => {
    const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest)
    return source.statements.flatMap(statement => {
      if (!ts.isInterfaceDeclaration(statement) || !GIVEN.test(statement.name.text)) return []
      if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return []
      return statement.members.flatMap(member => {
        if (!ts.isPropertySignature(member) || !member.questionToken || !member.type) return []
        const parts = ts.isUnionTypeNode(member.type) ? member.type.types : [member.type]
        const accepts = parts.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword)
        return accepts ? [] : [`${file}: ${statement.name.text}.${member.name.getText(source)}`]
      })
    })
  })
  expect(lacking).toEqual([])
})

test('so that who compiles with exactOptionalPropertyTypes may pass on what may be undefined', () => {
  const folder = mkdtempSync(join(root, 'tools', '.exact-'))
  const file = join(folder, 'exact.ts')
  writeFileSync(
    file,
    `import { compile } from '@mafjs/compile'
import { useEngine } from '@mafjs/compile/engine'
import { readDataset } from '@mafjs/data'
import { loadMaf, trainRun } from '@mafjs/ner-maf'
import { openRun } from '@mafjs/train'

export async function pass(threads: number | undefined, images: string | undefined, resume: boolean | undefined) {
  await useEngine({ threads })
  await loadMaf('model', { threads })
  await readDataset({ data: 'data', images })
  await openRun('run', { resume })
  compile((inputs: object) => inputs, { threads })
  await trainRun({ data: 'data', images, textEncoder: 'bert', out: 'out', resume, threads })
}
`,
  )
  try {
    const base = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile).config
    const { options } = ts.convertCompilerOptionsFromJson(base.compilerOptions, root)
    const program = ts.createProgram([file], {
      ...options,
      ...{ exactOptionalPropertyTypes: true, noEmit: true, composite: false, declaration: false },
      emitDeclarationOnly: false,
    })
    const own = ts.getPreEmitDiagnostics(program, program.getSourceFile(file))
    expect(own.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))).toEqual([])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
