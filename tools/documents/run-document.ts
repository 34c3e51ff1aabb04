import { existsSync } from 'node:fs'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withFolder } from '../command'
import { run } from '../processes'
import { type CodeBlock, codeBlocks } from './code-blocks'
import { type CommandKind, commandsOf, kindOf, needOf } from './commands'
import { linkPackages, plainEnvironment } from './link-packages'

/** What became of the blocks of a document. */
export interface DocumentRun {
  /** Programs that ran, and commands by what became of them. */
  counts: Partial<Record<CommandKind | 'programs' | 'files' | 'tested in', number>>
  /** One text for each block that failed, prints something else than stated, or is tested nowhere. */
  failures: string[]
}

/** What {@link runDocument} needs. */
export interface RunDocumentOptions {
  /** The root of the repository. */
  root: string
  /** The folder that {@link makeWorld} filled. */
  world: string
  /** Seconds for one block. @default 300 */
  timeout?: number
  /** Called with each block before it runs. */
  onBlock?: (block: CodeBlock) => void
}

/** Languages that are read, not run: what a program prints, and plain text. */
const READ = ['', 'text', 'jsonl', 'svg']

/**
 * Runs every block of a markdown file, one after the other in one folder, as a reader would who follows it: `ts` as a program,
 * whose output has to equal a `text` block right after it, `sh` line by line, and others into the file that they are.
 *
 * @param document its path, relative to the root
 */
export const runDocument = (document: string, options: RunDocumentOptions): Promise<DocumentRun> =>
  withFolder('document', folder => runIn(folder, document, options))

async function runIn(
  folder: string,
  document: string,
  { root, world, timeout = 300, onBlock }: RunDocumentOptions,
): Promise<DocumentRun> {
  const blocks = codeBlocks(await readFile(join(root, document), 'utf8'))
  const ci = await readFile(join(root, '.ci/run'), 'utf8')
  const counts: DocumentRun['counts'] = {}
  const count = (kind: keyof typeof counts) => {
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  const failures: string[] = []
  // Features of pictures are none of this machine's.
  const env = { ...plainEnvironment(), XDG_CACHE_HOME: join(folder, 'cache') }
  const execute = async (command: string, parameters: string[]): Promise<string> =>
    (await run(command, parameters, { cwd: folder, env, seconds: timeout })).stdout
  const runProgram = async ({ content, line }: CodeBlock, next: CodeBlock | undefined) => {
    await writeFile(join(folder, `block-${line}.ts`), content)
    const printed = await execute(process.execPath, ['--import', 'tsx', `block-${line}.ts`])
    if (next?.language === 'text' && printed !== next.content)
      throw new Error(`printed\n${printed}where the document says\n${next.content}`)
    count('programs')
  }
  const runCommands = async ({ content }: CodeBlock) => {
    for (const command of commandsOf(content)) {
      const kind = needOf(content) ?? kindOf(command, ci)
      if (kind === 'nowhere')
        throw new Error(
          `${command}: is tested nowhere. Make it a step of .ci/run, or say in a comment what it needs (the network).`,
        )
      if (kind === 'run') await execute('bash', ['-euo', 'pipefail', '-c', command])
      count(kind)
    }
  }
  const runBlock = async (block: CodeBlock, next: CodeBlock | undefined): Promise<void> => {
    const { language, content, given, absent, file, testedIn } = block
    for (const name of [...given, ...absent]) await rm(join(folder, name), { recursive: true, force: true })
    for (const name of given) await cp(join(world, name), join(folder, name), { recursive: true })
    if (file) {
      await writeFile(join(folder, file), content)
      return count('files')
    }
    if (testedIn) {
      if (!existsSync(join(root, testedIn))) throw new Error(`is tested in ${testedIn}, which is not there.`)
      return count('tested in')
    }
    if (language === 'ts') return runProgram(block, next)
    if (language === 'sh') return runCommands(block)
    if (!READ.includes(language))
      throw new Error(`a block of ${language} is a file: say which, by <!-- file: NAME --> before it.`)
  }
  await linkPackages(folder, root)
  for (const [i, block] of blocks.entries()) {
    onBlock?.(block)
    try {
      await runBlock(block, blocks[i + 1])
    } catch (error) {
      failures.push(`${document}:${block.line}: ${(error as Error).message}`)
    }
  }
  return { counts, failures }
}
