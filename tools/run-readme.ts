import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeBlocks } from './documents/code-blocks'

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
  /** Milliseconds before the example is stopped. @default 60000 */
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
  { prepare = () => {}, timeout = 60_000 }: RunReadmeOptions = {},
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
  const directory = await mkdtemp(join(tmpdir(), 'maf-readme-'))
  try {
    await symlink(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction')
    await writeFile(join(directory, 'package.json'), '{ "type": "module" }')
    await writeFile(join(directory, 'example.ts'), code)
    await prepare(directory)
    return await new Promise((resolve, reject) => {
      const options = ['--import', new URL('workspace/from-source.mjs', import.meta.url).href, 'example.ts']
      // Colours are no part of what an example prints.
      const { NO_COLOR: _, ...env }: NodeJS.ProcessEnv = { ...process.env, FORCE_COLOR: '0' }
      execFile(process.execPath, options, { cwd: directory, env, timeout }, (error, stdout, stderr) => {
        if (!error) return resolve({ code, stated: statedOutput(markdown), stdout, stderr })
        const reason = error.killed
          ? `did not end within ${timeout} ms`
          : `failed with exit code ${error.code}`
        reject(new Error(`the first \`\`\`ts block of ${readme} ${reason}:\n${stdout}${stderr}`))
      })
    })
  } finally {
    await rm(directory, { recursive: true })
  }
}
