import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The folder of tfjs-core's ops and of the specs that stand beside them. */
export const opsFolder = join(
  dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json')),
  'dist/ops',
)

/** Every spec file of tfjs-core's ops, relative to {@link opsFolder}: 178 in the folder and 41 in those below it. */
export function findSpecFiles(): string[] {
  return readdirSync(opsFolder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('_test.js'))
    .sort()
}
