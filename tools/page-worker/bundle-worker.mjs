// @ts-check
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const SOURCE = fileURLToPath(new URL('../../packages/ner-maf/src/browser/', import.meta.url))

/** What nothing that a page runs may ask for: left out of the bundle where nobody uses it, and found there where somebody does. */
const OF_NODE = new Set([
  ...builtinModules,
  'sharp',
  '@huggingface/hub',
  'onnxruntime-node',
  '@tensorflow/tfjs-core',
])

/** Packages without effects of their own, of which only what is used stays. @type {import('esbuild').Plugin} */
const withoutNode = {
  name: 'without-node',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
      kind !== 'entry-point' && (path.startsWith('node:') || OF_NODE.has(path))
        ? { path, external: true, sideEffects: false }
        : undefined,
    )
  },
}

/**
 * Puts the worker of a page into one piece: all of ours, tree-shaken from the source, and ONNX Runtime left to whoever packs or serves
 * the page.
 *
 * @param {string} folder where `browser-worker.js` is written
 * @param {{ page?: boolean }} [options] whether `browser.js`, which starts it, is written in one piece, too
 * @returns {Promise<{ bytes: number, imports: string[] }>} of the worker: its size, and what it still imports
 */
export async function bundleWorker(folder, { page = false } = {}) {
  const { metafile } = await build({
    entryPoints: {
      'browser-worker': join(SOURCE, 'worker.ts'),
      ...(page && { browser: join(SOURCE, 'index.ts') }),
    },
    outdir: folder,
    bundle: true,
    minify: true,
    sourcemap: !page,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@mafjs/source', 'browser'],
    external: ['onnxruntime-web/*'],
    plugins: [withoutNode],
    metafile: true,
    legalComments: 'inline',
    logLevel: 'error',
  })
  const [, output] = /** @type {[string, typeof metafile.outputs[string]]} */ (
    Object.entries(metafile.outputs).find(([path]) => path.endsWith('browser-worker.js'))
  )
  return { bytes: output.bytes, imports: output.imports.map(({ path }) => path) }
}
