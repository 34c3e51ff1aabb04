import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const typeRoots = [fileURLToPath(new URL('../../node_modules/@types', import.meta.url))]

/** The two ways in which today's projects resolve modules. */
const RESOLUTIONS = {
  nodenext: { module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  bundler: { module: ts.ModuleKind.Preserve, moduleResolution: ts.ModuleResolutionKind.Bundler },
}

/**
 * Type-checks a stranger's files, strictly and with the declarations of ours that they reach. TensorFlow.js's own
 * declarations do not pass without `skipLibCheck`; they are not ours to judge.
 *
 * @param options.folder with packages installed in it
 * @param options.files TypeScript files in it
 * @param options.node whether the types of Node are there; what needs Node may use them
 * @returns every diagnostic in the files and in @mafjs, with the resolution that shows it
 */
export function typeCheck({
  folder,
  files,
  node,
}: {
  folder: string
  files: string[]
  node: boolean
}): string[] {
  const strict = { target: ts.ScriptTarget.ES2022, strict: true, noEmit: true, skipLibCheck: false }
  return Object.entries(RESOLUTIONS).flatMap(([resolution, modules]) => {
    const program = ts.createProgram(
      files.map(file => join(folder, file)),
      { ...modules, ...strict, types: node ? ['node'] : [], typeRoots },
    )
    const own = (file: string): boolean =>
      file.includes('node_modules/@mafjs/') || !relative(folder, file).includes('node_modules')
    const checked = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.startsWith(folder) && own(fileName))
    const diagnostics = [
      ...program.getOptionsDiagnostics(),
      ...checked.flatMap(file => [
        ...program.getSyntacticDiagnostics(file),
        ...program.getSemanticDiagnostics(file),
      ]),
    ]
    return diagnostics.map(({ file, start, messageText }) => {
      const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
      const place = file ? `${relative(folder, file.fileName)}:${line}` : ''
      return `${resolution} ${place} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
  })
}

/** A program that takes in every type that specifiers export. */
export const surfaceProgram = (specifiers: readonly string[]): string =>
  specifiers
    .map((specifier, i) => {
      const names = `export const names${i}: (keyof typeof part${i})[] = Object.keys(part${i}) as never`
      return `import * as part${i} from '${specifier}'\n${names}\n`
    })
    .join('')

/** TypeScript as the JavaScript that Node 20 runs. */
export function toJavaScript(file: string): string {
  const { ESNext: module } = ts.ModuleKind
  const compilerOptions = { module, target: ts.ScriptTarget.ES2022, verbatimModuleSyntax: true }
  return ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions }).outputText
}
