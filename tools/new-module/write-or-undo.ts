import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from '../processes'

/** What is written, and where. */
export interface Writing {
  /** The root of the workspace. */
  root: string
  /** Texts by their paths from the root. */
  files: Readonly<Record<string, string>>
  /** A new folder, from the root. */
  folder: string
  /** Other files that `after` changes. */
  changes?: readonly string[]
  /** Stops it; all is then as it was. */
  signal: AbortSignal
}

/** Runs one of the workspace's own tools in its root. */
export const runTool = (
  { root, signal }: Pick<Writing, 'root' | 'signal'>,
  name: string,
  ...parameters: string[]
) => {
  const bin = join(root, 'node_modules/.bin', name)
  return run(bin, parameters, { cwd: root, env: process.env, signal, seconds: 300 })
}

/**
 * Writes files, formats them, and does what comes after; where anything fails, all is as it was.
 *
 * @returns the paths of what is new or changed, from the root
 * @throws Error with what a tool printed that failed.
 */
export async function writeOrUndo(
  writing: Writing,
  after = async (): Promise<void> => {},
): Promise<string[]> {
  const { root, files, folder, changes = [] } = writing
  const before = [...Object.keys(files), ...changes].map(path => {
    const file = join(root, path)
    return { path, file, text: existsSync(file) ? readFileSync(file, 'utf8') : undefined }
  })
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    // Names of other lengths break lines elsewhere and stand in another order.
    const code = Object.keys(files).filter(path => /\.(ts|mjs|json)$/.test(path))
    await runTool(writing, 'biome', 'check', '--write', '--error-on-warnings', ...code)
    await after()
  } catch (error) {
    rmSync(join(root, folder), { recursive: true, force: true })
    for (const { file, text } of before) {
      if (text !== undefined) writeFileSync(file, text)
      else rmSync(file, { force: true })
    }
    throw error
  }
  return before
    .filter(({ file, text }) => readFileSync(file, 'utf8') !== text)
    .map(({ path }) => path)
    .sort()
}
