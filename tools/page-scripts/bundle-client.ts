import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { pageStyle } from '../../packages/explain/src/client/page-style'

/** The file that holds what pages carry. */
export const CARRIED_FILE = fileURLToPath(
  new URL('../../packages/explain/src/page/carried.ts', import.meta.url),
)

const CLIENT = new URL('../../packages/explain/src/client/', import.meta.url)

/** A script of a page in one piece: everything that it imports, without what only people read but for the licences. */
async function bundle(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(name, CLIENT))],
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

/** The TypeScript file with the scripts and the style sheet that pages carry, and their hashes. */
export async function carriedFile(): Promise<string> {
  const carried = {
    explanationScript: [
      await bundle('show-explanation.ts'),
      'The script that makes `<maf-explanation>` known to a page',
    ],
    errorsScript: [await bundle('show-errors.ts'), 'The script of a page with the errors of an evaluation'],
    pageStyle: [pageStyle, 'The style sheet of the page around it'],
  }
  const constants = Object.entries(carried).map(([name, [text, about]]) => {
    // What ends a script must not stand in one; as JSON it is ASCII but for letters.
    if (/<\/script|<!--/i.test(text!)) throw new Error(`${name} holds what ends a script in HTML.`)
    return `/** ${about}. */
export const ${name}: Carried = {
  hash: '${hashOf(text!)}',
  text: ${JSON.stringify(text)},
}
`
  })
  return `// Written by \`npm run page-scripts\` from packages/explain/src/client: change that, and run it again.
import type { Carried } from './html-document'

${constants.join('\n')}`
}
