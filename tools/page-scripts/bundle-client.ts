import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { pageStyle } from '../../packages/explain/src/client/page-style'
import { playgroundStyle } from '../../packages/serve/src/playground/client/playground-style'

/** A file of TypeScript that holds what pages carry: scripts in one piece each, and style sheets. */
export interface CarriedFile {
  /** From the root of the repository. */
  file: string
  /** From where it has the type `Carried`. */
  type: string
  /** The folder of the scripts, from the root. */
  client: string
  /** Each by its name, with what it is. */
  scripts: Readonly<Record<string, readonly [file: string, about: string]>>
  styles: Readonly<Record<string, readonly [text: string, about: string]>>
}

/** All of them. */
export const CARRIED_FILES: readonly CarriedFile[] = [
  {
    file: 'packages/explain/src/page/carried.ts',
    type: './html-document',
    client: 'packages/explain/src/client',
    scripts: {
      explanationScript: ['show-explanation.ts', 'The script that makes `<maf-explanation>` known to a page'],
      errorsScript: ['show-errors.ts', 'The script of a page with the errors of an evaluation'],
    },
    styles: { pageStyle: [pageStyle, 'The style sheet of the page around it'] },
  },
  {
    file: 'packages/serve/src/playground/carried.ts',
    type: '@mafjs/explain/page',
    client: 'packages/serve/src/playground/client',
    scripts: { playgroundScript: ['playground.ts', 'The script of the playground'] },
    styles: { playgroundStyle: [playgroundStyle, 'Its style sheet'] },
  },
]

/** A file of the repository. */
export const inRepository = (file: string): string => fileURLToPath(new URL(`../../${file}`, import.meta.url))

/** A script of a page in one piece: everything that it imports, without what only people read but for the licences. */
async function bundle(file: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [inRepository(file)],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    // Lit without its checks for who writes templates.
    conditions: ['browser', 'production'],
    legalComments: 'inline',
    logLevel: 'error',
  })
  return outputFiles[0]!.text.trimEnd()
}

const hashOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`

function constantOf(name: string, text: string, about: string): string {
  // What ends a script must not stand in one; as JSON it is ASCII but for letters.
  if (/<\/script|<!--/i.test(text)) throw new Error(`${name} holds what ends a script in HTML.`)
  return `/** ${about}. */
export const ${name}: Carried = {
  hash: '${hashOf(text)}',
  text: ${JSON.stringify(text)},
}
`
}

/** What such a file says, with the hashes of what it holds. */
export async function carriedText({ type, client, scripts, styles }: CarriedFile): Promise<string> {
  const constants: string[] = []
  for (const [name, [file, about]] of Object.entries(scripts)) {
    constants.push(constantOf(name, await bundle(`${client}/${file}`), about))
  }
  for (const [name, [text, about]] of Object.entries(styles)) constants.push(constantOf(name, text, about))
  return `// Written by \`npm run page-scripts\` from ${client}: change that, and run it again.
import type { Carried } from '${type}'

${constants.join('\n')}`
}
