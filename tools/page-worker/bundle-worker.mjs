// @ts-check
import { readFile, writeFile } from 'node:fs/promises'
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
 * The licences of others' packages in a bundle, as comments. A package that brings no licence with it cannot be bundled.
 *
 * @param {string[]} inputs paths of its sources
 */
async function licencesOf(inputs) {
  const folders = new Set(inputs.flatMap(path => path.match(/^.*node_modules\/(?:@[^/]+\/)?[^/]+/) ?? []))
  const texts = [...folders].sort().map(async folder => {
    const licence = await readFile(join(folder, 'license'), 'utf8')
    const name = folder.replace(/^.*node_modules\//, '')
    return `/*! ${name}, part of this file:\n${licence.trim()}\n*/\n`
  })
  return (await Promise.all(texts)).join('')
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
    // White space stays: without it the comments by which bundlers leave an import alone would go.
    minifyIdentifiers: true,
    minifySyntax: true,
    sourcemap: true,
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
  const path = join(folder, 'browser-worker.js')
  const code = await readFile(path, 'utf8')
  // Behind the code, and before the line that names its map: places in it stay where they are.
  const end = code.lastIndexOf('//# sourceMappingURL=')
  const licences = await licencesOf(Object.keys(output.inputs))
  const at = end < 0 ? code.length : end
  await writeFile(path, `${code.slice(0, at)}${licences}${code.slice(at)}`)
  return { bytes: output.bytes, imports: [...new Set(output.imports.map(({ path }) => path))] }
}
