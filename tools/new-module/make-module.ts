import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../processes'
import { scope } from '../workspace/packages.mjs'
import { assertModuleName } from './check-name'
import { registrations } from './registrations'
import { moduleFiles } from './template-files'
import { type Writing, writeOrUndo } from './write-or-undo'

/** What is made, and where. */
export interface NewModule extends Pick<Writing, 'root' | 'signal'> {
  /** In kebab-case, without the scope. */
  name: string
}

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
  const folder = `packages/${name}`
  const link = join(root, 'node_modules', scope + name)
  const files = { ...moduleFiles(root, name), ...registrations(root, name) }
  const changes = ['package-lock.json'] // by npm
  try {
    return await writeOrUndo({ root, folder, files, changes, signal }, async () => {
      rmSync(link, { force: true })
      symlinkSync(join(root, folder), link, 'junction')
      const lockOnly = ['install', '--package-lock-only', '--ignore-scripts', '--offline']
      await run('npm', lockOnly, { cwd: root, env: process.env, signal, seconds: 300 })
    })
  } catch (error) {
    rmSync(link, { force: true })
    throw error
  }
}
