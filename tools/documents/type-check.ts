import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { codeBlocks } from './code-blocks'

/** What the compiler says of the `ts` blocks of documents, each as a file of its own against the packages' source. */
export function typeErrors(documents: readonly string[], root: string): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'maf-blocks-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction')
    const programs = documents.flatMap(document =>
      codeBlocks(readFileSync(join(root, document), 'utf8'))
        .filter(({ language, file }) => language === 'ts' && !file)
        .map(({ content, line }) => ({ content, place: `${document}:${line}` })),
    )
    const files = programs.map(({ content }, i) => {
      mkdirSync(join(directory, String(i)))
      const file = join(directory, String(i), 'block.ts')
      writeFileSync(file, content)
      return file
    })
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
