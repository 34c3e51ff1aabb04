import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { firstBlock, statedOutput } from '../run-readme'
import type { Stranger } from './stranger'
import { toJavaScript } from './type-check'

/** The README that came with an installed package. */
export const installedReadme = (folder: string, name: string): Promise<string> =>
  readFile(join(folder, 'node_modules', name, 'README.md'), 'utf8')

/**
 * What a README tells to install, from the first `npm install` of its first `sh` block.
 *
 * @throws Error where it tells nothing.
 */
export function statedInstall(markdown: string): string[] {
  const line = firstBlock(markdown, 'sh')
    .split('\n')
    .find(one => /^npm (install|i) /.test(one))
  if (line === undefined) throw new Error('the first ```sh block has no line `npm install ...`.')
  return line
    .replace(/#.*/, '')
    .trim()
    .split(/\s+/)
    .slice(2)
    .filter(word => !word.startsWith('-'))
}

/** The file of the example that {@link runExample} writes. */
export const EXAMPLE = 'example.ts'

/**
 * Runs the example of an installed README, as a file of the stranger's own.
 *
 * @throws Error where it fails or prints something else than the README says.
 */
export async function runExample(stranger: Stranger, markdown: string): Promise<void> {
  await stranger.write(EXAMPLE, firstBlock(markdown))
  await stranger.write('example.js', toJavaScript(join(stranger.folder, EXAMPLE)))
  const { stdout } = await stranger.run(120, process.execPath, 'example.js')
  const stated = statedOutput(markdown)
  if (stated !== stdout)
    throw new Error(`the README's example prints\n${stdout}but the README says\n${stated}`)
}
