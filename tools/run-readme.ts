import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withFolder } from './command'
import { codeBlocks } from './documents/code-blocks'
import { linkPackages, plainEnvironment } from './documents/link-packages'
import { run } from './processes'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What a README's example did. */
export interface ReadmeRun {
  /** The example as the README shows it. */
  code: string
  /** What the README says it prints: the `text` block that follows the example; absent where none does. */
  stated?: string
  stdout: string
  stderr: string
}

/**
 * The first fenced block of a language in a markdown text.
 *
 * @throws Error when there is none or it is empty.
 */
export function firstBlock(markdown: string, language = 'ts'): string {
  const block = codeBlocks(markdown).find(one => one.language === language)
  if (!block?.content.trim())
    throw new Error(`no \`\`\`${language} block with code in it. Write one: it is run by a test.`)
  return block.content
}

/** The `text` block that comes next after the first `ts` block, before any other block. */
export function statedOutput(markdown: string): string | undefined {
  const blocks = codeBlocks(markdown)
  const next = blocks[blocks.findIndex(({ language }) => language === 'ts') + 1]
  return next?.language === 'text' ? next.content : undefined
}

/** Options of {@link runReadme}. */
export interface RunReadmeOptions {
  /** Puts what the example reads into the temporary folder it runs in. */
  prepare?: (directory: string) => void | Promise<void>
  /** Seconds before the example is stopped. @default 60 */
  timeout?: number
}

/**
 * Runs a README's first `ts` block from the workspace's source in a temporary folder, as a user's own file would be.
 *
 * @param readme its path, relative to the root of the workspace
 * @throws Error with the README's name and what the example printed, when it is absent or fails.
 */
export async function runReadme(
  readme: string,
  { prepare = () => {}, timeout = 60 }: RunReadmeOptions = {},
): Promise<ReadmeRun> {
  const markdown = await readFile(join(root, readme), 'utf8').catch(() => {
    throw new Error(`${readme} is missing.`)
  })
  let code: string
  try {
    code = firstBlock(markdown)
  } catch (error) {
    throw new Error(`${readme} has ${(error as Error).message}`)
  }
  return withFolder('readme', async directory => {
    await linkPackages(directory, root)
    await writeFile(join(directory, 'example.ts'), code)
    await prepare(directory)
    const options = ['--import', new URL('workspace/from-source.mjs', import.meta.url).href, 'example.ts']
    const ran = run(process.execPath, options, { cwd: directory, env: plainEnvironment(), seconds: timeout })
    const output = await ran.catch(({ message }: Error) => {
      throw new Error(`the first \`\`\`ts block of ${readme} failed: ${message}`)
    })
    return { code, stated: statedOutput(markdown), ...output }
  })
}
