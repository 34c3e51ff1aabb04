import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from '../release-rehearsal/processes'
import { scope } from '../workspace/packages.mjs'
import { assertModuleName } from './check-name'
import { registrations } from './registrations'
import { moduleFiles } from './template-files'

/** What is made, and where. */
export interface NewModule {
  /** The root of the workspace. */
  root: string
  /** In kebab-case, without the scope. */
  name: string
  /** Stops it; all is then as it was. */
  signal: AbortSignal
}

/** The files that npm and Nx change. */
const CHANGED_BY_TOOLS = ['package-lock.json', 'tsconfig.json']

/**
 * Makes a package with a small working module and tells the workspace about it. Where anything fails, all is as it was.
 *
 * The lock file is written without installing, which would also remove what somebody built into node_modules by hand;
 * the link is the one that `npm install` would make.
 *
 * @returns the paths of what is new or changed, from the root
 * @throws Error for a name that breaks a rule, or with what a tool printed that failed.
 */
export async function makeModule({ root, name, signal }: NewModule): Promise<string[]> {
  assertModuleName(root, name)
  const files = { ...moduleFiles(root, name), ...registrations(root, name) }
  const link = join(root, 'node_modules', scope + name)
  const folder = join(root, 'packages', name)
  const before = [...Object.keys(files), ...CHANGED_BY_TOOLS].map(path => {
    const file = join(root, path)
    return { path, file, text: existsSync(file) ? readFileSync(file, 'utf8') : undefined }
  })
  const tool = (...parameters: string[]) => {
    const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' }
    return run('npx', ['--no-install', ...parameters], { cwd: root, env, signal, seconds: 300 })
  }
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    // Names of other lengths break lines elsewhere and stand in another order.
    await tool(
      ...['biome', 'check', '--write', '--error-on-warnings'],
      ...Object.keys(files).filter(path => /\.(ts|mjs|json)$/.test(path)),
    )
    const lockOnly = ['install', '--package-lock-only', '--ignore-scripts', '--offline']
    await run('npm', lockOnly, { cwd: root, env: process.env, signal, seconds: 300 })
    rmSync(link, { force: true })
    symlinkSync(folder, link, 'junction')
    await tool('nx', 'sync')
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    rmSync(link, { force: true })
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
