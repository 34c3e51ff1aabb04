import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runShown } from '../../tools/processes'

const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', import.meta.url))

/** A Python of its own with all of `requirements.txt`, in the user's folder for caches: some gigabytes, installed once. */
export async function readyPython(): Promise<string> {
  const base = process.env['XDG_CACHE_HOME']
  const caches = base && isAbsolute(base) ? base : join(homedir(), '.cache')
  const folder = join(caches, 'ner-maf', 'encoders-python')
  const python = join(folder, 'bin', 'python')
  if (!existsSync(python)) await runShown('python3', ['-m', 'venv', folder])
  // What an interrupted installation left out is installed now; where nothing is missing it takes a second.
  await runShown(python, ['-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS])
  return python
}
