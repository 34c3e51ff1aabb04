import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'

/** The folder of tfjs-core's ops and of the specs that stand beside them. */
export const opsFolder = join(
  dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core/package.json')),
  'dist/ops',
)

/** Every spec file of tfjs-core's ops, relative to {@link opsFolder}: 178 in the folder and 41 in those below it. */
export const findSpecFiles = (): string[] =>
  readdirSync(opsFolder, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('_test.js'))
    .sort()

/** The kernels that a module of tfjs-core's ops names; where it names none, those of the other ops that it imports. */
function kernelsOf(path: string, seen: Set<string>): string[] {
  if (seen.has(path)) return []
  seen.add(path)
  const text = readFileSync(path, 'utf8')
  const constants = tf as unknown as Record<string, unknown>
  // square.js names its kernel in a string.
  const kernels = [...text.matchAll(/\brunKernel\('(\w+)'/g)].map(([, name]) => name!)
  const parts: string[] = []
  for (const [, names = '', from = ''] of text.matchAll(/^import \{([^}]*)\} from '([^']*)'/gm)) {
    const target = resolve(dirname(path), `${from}.js`)
    if (from.endsWith('/kernel_names'))
      kernels.push(...names.split(',').map(name => String(constants[name.trim()])))
    else if (!relative(opsFolder, target).startsWith('..') && existsSync(target)) parts.push(target)
  }
  return kernels.length > 0 ? kernels : parts.flatMap(target => kernelsOf(target, seen))
}

/**
 * The kernels a spec file is about: those that the op module beside it names (`abs.js` beside `abs_test.js`: Abs and
 * ComplexAbs), or, for an op made of others (`norm.js`), those of its parts.
 *
 * @returns nothing for a file that no op module stands beside, such as `arithmetic_test.js`
 */
export function kernelsAbout(file: string): string[] {
  // fused/fused_conv2d_test.js stands beside fused/conv2d.js.
  const names = [file.replace(/_test\.js$/, '.js'), file.replace(/^(\w+)\/\1_(\w+)_test\.js$/, '$1/$2.js')]
  const path = names
    .map(name => join(opsFolder, name))
    .find(name => !name.endsWith('_test.js') && existsSync(name))
  return path === undefined ? [] : [...new Set(kernelsOf(path, new Set()))]
}
