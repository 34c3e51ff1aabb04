import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** What has native parts or builds code from strings, and jasmine, which the specs must share with the runner. */
const external = ['onnxruntime-node', 'jasmine-core', 'sharp', '@huggingface/hub']

/** CommonJS inside the bundle (tfjs-backend-wasm, jasmine_util) asks for these. */
const banner = [
  `import { createRequire as bundleRequire } from 'node:module'`,
  `import { dirname as bundleDirname } from 'node:path'`,
  `import { fileURLToPath as bundlePath } from 'node:url'`,
  `const require = bundleRequire(import.meta.url)`,
  `const __filename = bundlePath(import.meta.url)`,
  `const __dirname = bundleDirname(__filename)`,
].join('\n')

/** Code that Node can run, and how to remove it. */
export interface Bundle {
  /** The file to run. */
  path: string
  /** Removes it. */
  remove: () => void
}

/**
 * Bundles an ES module with all it imports, so that there is ONE tfjs-core (its ES modules, which Node itself cannot
 * load: they import without extensions), used by tfjs's own files, its backends and the workspace's sources alike.
 */
export async function bundle(entry: string): Promise<Bundle> {
  const cache = join(root, '.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'tfjs-suite-'))
  const path = join(folder, 'bundle.mjs')
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  try {
    await build({
      stdin: { contents: entry, resolveDir: root, sourcefile: 'tfjs-suite-entry.ts', loader: 'ts' },
      bundle: true,
      outfile: path,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      mainFields: ['module', 'main'],
      conditions: ['@mafjs/source'],
      external,
      banner: { js: banner },
      keepNames: true,
      // What registers kernels by a bare import must stay, whatever a package.json says of side effects.
      ignoreAnnotations: true,
      logLevel: 'error',
    })
  } catch (error) {
    remove()
    throw error
  }
  return { path, remove }
}
