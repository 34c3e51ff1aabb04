import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Output, run } from './processes'
import type { Registry } from './registry'

/** A clean folder outside the workspace, in which somebody uses the published packages. */
export interface Stranger {
  folder: string
  /** Writes a file there. */
  write(file: string, text: string): Promise<void>
  /** Installs packages there as `npm install` with these names, or `name@version`, does. */
  install(...names: string[]): Promise<void>
  /** Runs a command there, for at most so many seconds. */
  run(seconds: number, command: string, ...parameters: string[]): Promise<Output>
}

/** Makes a clean folder with a manifest that names nothing. */
export async function createStranger(
  folder: string,
  registry: Pick<Registry, 'env'>,
  signal: AbortSignal,
): Promise<Stranger> {
  await mkdir(folder, { recursive: true })
  const options = { cwd: folder, env: registry.env, signal }
  const write = (file: string, text: string) => writeFile(join(folder, file), text)
  await write('package.json', JSON.stringify({ private: true, type: 'module' }))
  return {
    folder,
    write,
    install: async (...names) => {
      await run('npm', ['install', '--prefer-offline', ...names], { ...options, seconds: 600 })
    },
    run: (seconds, command, ...parameters) => run(command, parameters, { ...options, seconds }),
  }
}
