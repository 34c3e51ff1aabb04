import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import { codeBlocks } from './code-blocks'

/** What the compiler says of the `ts` blocks of documents, against the packages' source. */
export function typeErrors(documents: readonly string[], root: string): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'maf-blocks-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction')
    // Each document in a folder of its own, as its reader has it: one program may import what another block is the file of.
    const programs = documents.flatMap((document, i) =>
      codeBlocks(readFileSync(join(root, document), 'utf8'))
        .filter(({ language }) => language === 'ts')
        .map(({ content, line, file }) => ({
          ...{ content, place: `${document}:${line}` },
          file: join(directory, String(i), file ?? `block-${line}.ts`),
        })),
    )
    for (const { file, content } of programs) {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
    }
    const files = programs.map(({ file }) => file)
    const base = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile).config
    const { options } = ts.convertCompilerOptionsFromJson(base.compilerOptions, root)
    const program = ts.createProgram(files, {
      ...options,
      composite: false,
      declaration: false,
      emitDeclarationOnly: false,
      noEmit: true,
      typeRoots: [join(root, 'node_modules/@types')],
    })
    return files.flatMap((file, i) => {
      const source = program.getSourceFile(file)!
      const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      return found.map(
        ({ messageText }) => `${programs[i]!.place}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      )
    })
  } finally {
    rmSync(directory, { recursive: true })
  }
}
