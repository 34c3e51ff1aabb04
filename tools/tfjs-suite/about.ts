import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { opsFolder } from './spec-files'

/** A module of tfjs-core's ops as its imports show it. */
interface OpModule {
  /** The kernels it names. */
  kernels: string[]
  /** The other ops it imports. */
  imports: string[]
}

const constants = tf as unknown as Record<string, unknown>

function readModule(path: string): OpModule {
  const text = readFileSync(path, 'utf8')
  // square.js names its kernel in a string.
  const literals = [...text.matchAll(/\brunKernel\('(\w+)'/g)].map(([, name]) => name!)
  const found: OpModule = { kernels: literals, imports: [] }
  for (const [, names = '', from = ''] of text.matchAll(/^import \{([^}]*)\} from '([^']*)'/gm)) {
    const target = resolve(dirname(path), `${from}.js`)
    if (from.endsWith('/kernel_names')) {
      found.kernels.push(...names.split(',').map(name => String(constants[name.trim()])))
    } else if (!relative(opsFolder, target).startsWith('..') && existsSync(target)) {
      found.imports.push(target)
    }
  }
  return found
}

/** The kernels a module names; where it names none, those of the ops it is made of. */
function kernelsOf(path: string, seen: Set<string>): string[] {
  if (seen.has(path)) return []
  seen.add(path)
  const { kernels, imports } = readModule(path)
  return kernels.length > 0 ? kernels : imports.flatMap(target => kernelsOf(target, seen))
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
