import { cp, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type ProcessOptions, run } from './processes'

/**
 * Copies a repository as it stands, with what is not committed yet and without what git ignores, into a repository of its
 * own with its packages installed: what a release does to it never reaches the working tree.
 *
 * @param root the repository
 * @param scratch a folder that does not exist
 */
export async function copyRepository(root: string, scratch: string, options: ProcessOptions): Promise<void> {
  const listing = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate']
  const { stdout } = await run('git', listing, { ...options, cwd: root, seconds: 60 })
  const { stdout: gone } = await run('git', ['ls-files', '-z', '--deleted'], {
    ...options,
    cwd: root,
    seconds: 60,
  })
  const deleted = new Set(gone.split('\0'))
  for (const path of stdout.split('\0').filter(path => path && !deleted.has(path))) {
    await mkdir(dirname(join(scratch, path)), { recursive: true })
    await cp(join(root, path), join(scratch, path))
  }
  const git = (...parameters: string[]) => run('git', parameters, { ...options, cwd: scratch, seconds: 60 })
  await git('init', '--quiet', '--initial-branch', 'main')
  await commit(scratch, 'The working tree', options)
}

/** Commits all that changed in a scratch copy, under a name that is nobody's. */
export async function commit(scratch: string, message: string, options: ProcessOptions): Promise<void> {
  const git = (...parameters: string[]) => run('git', parameters, { ...options, cwd: scratch, seconds: 60 })
  await git('add', '--all')
  const nobody = [
    '-c',
    'user.name=rehearsal',
    '-c',
    'user.email=rehearsal@localhost',
    '-c',
    'commit.gpgsign=false',
  ]
  await git(...nobody, 'commit', '--quiet', '--no-verify', '--message', message)
}
