import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesBelow, type Manifest } from '../workspace/packages.mjs'

/** The package whose manifest and configuration a new one takes over: a module that needs `tensor` alone. */
export const EXEMPLAR = 'fuse'

const template = fileURLToPath(new URL('template', import.meta.url))
const read = (path: string): string => readFileSync(join(template, path), 'utf8')

const capitalised = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1)
const pascalCase = (name: string): string => name.split('-').map(capitalised).join('')

/** A kebab-case name as the name of a function. */
export const camelCase = (name: string): string => {
  const [first = '', ...others] = name.split('-')
  return first + others.map(capitalised).join('')
}

/** A text or a path of the template, under a module's own names. */
const named = (text: string, name: string): string =>
  text
    .replaceAll('template-name', name)
    .replaceAll('templateName', camelCase(name))
    .replaceAll('TemplateName', pascalCase(name))
    .replaceAll("'../src'", `'@mafjs/${name}'`)

/** The paths of the template's TypeScript files. */
export const templateSources = (): string[] => filesBelow(template).filter(path => path.endsWith('.ts'))

/** The text of one of them. */
export const templateSource = read

/** The lines of `tools/packages/training-steps.mjs` that train the template's module. */
export const trainingStep = (name: string): string => named(read('training-step.template'), name).trimEnd()

/** The manifest of a new package: that of {@link EXEMPLAR}, under its own name and not yet released. */
function manifestOf(root: string, name: string, description: string): Manifest {
  const file = join(root, 'packages', EXEMPLAR, 'package.json')
  const exemplar: Manifest = JSON.parse(readFileSync(file, 'utf8'))
  return { ...exemplar, name: `@mafjs/${name}`, version: '0.0.0', ...{ description } }
}

/** Every file of a new module, by its path from the root. */
export function moduleFiles(root: string, name: string): Record<string, string> {
  const exemplar = (file: string): string =>
    readFileSync(join(root, 'packages', EXEMPLAR, file), 'utf8').replaceAll(`'${EXEMPLAR}'`, `'${name}'`)
  const readme = named(read('README.template'), name)
  const description = /^A .*?(?=\. |\.$)/m.exec(readme)?.[0] ?? name
  const inPackage: Record<string, string> = {
    'package.json': `${JSON.stringify(manifestOf(root, name, description), null, 2)}\n`,
    'README.md': readme,
    LICENSE: readFileSync(join(root, 'LICENSE'), 'utf8'),
    ...Object.fromEntries(
      ['tsconfig.json', 'tsconfig.build.json', 'tsup.config.ts', 'vitest.config.ts'].map(file => [
        file,
        exemplar(file),
      ]),
    ),
    ...Object.fromEntries(templateSources().map(path => [named(path, name), named(read(path), name)])),
  }
  return {
    ...Object.fromEntries(
      Object.entries(inPackage).map(([path, text]) => [`packages/${name}/${path}`, text]),
    ),
    [`.changeset/first-${name}.md`]: named(read('changeset.template'), name),
  }
}
