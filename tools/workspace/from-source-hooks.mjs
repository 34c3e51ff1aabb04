// @ts-check
import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** Our own sources become one module, each knowing its own address; everything else is imported as it is. @type {import('esbuild').Plugin} */
const ownSources = {
  name: 'own-sources',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^./#]/ }, ({ path, kind }) =>
      kind === 'entry-point' || path.startsWith('@mafjs/') ? undefined : { path, external: true },
    )
    onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8')
      const url = JSON.stringify(pathToFileURL(path).href)
      return { loader: 'ts', contents: text.replaceAll('import.meta.url', url) }
    })
  },
}

/** A program and all of ours that it imports. @param {string} file @returns {Promise<string>} */
async function bundleOf(file) {
  const { build } = await import('esbuild')
  const built = await build({
    entryPoints: [file],
    ...{ bundle: true, write: false, format: 'esm', platform: 'node', target: 'node20' },
    ...{ conditions: ['@mafjs/source'], ignoreAnnotations: true, plugins: [ownSources] },
  })
  return /** @type {import('esbuild').OutputFile} */ (built.outputFiles[0]).text
}

/** The same, made once for all processes of a run of the tests, during which no source changes. @param {string} file @returns {Promise<string>} */
async function keptBundleOf(file) {
  const { MAF_BUNDLES: folder } = process.env
  if (folder === undefined) return bundleOf(file)
  const kept = join(folder, `${createHash('sha256').update(file).digest('hex')}.mjs`)
  const known = await readFile(kept, 'utf8').catch(() => undefined)
  if (known !== undefined) return known
  const text = await bundleOf(file)
  const aside = `${kept}.${process.pid}.${process.hrtime.bigint()}`
  // A run that has ended meanwhile has taken the folder along.
  await writeFile(aside, text)
    .then(() => rename(aside, kept))
    .catch(() => {})
  return text
}

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
  return { format: 'module', source: await keptBundleOf(fileURLToPath(url)), shortCircuit: true }
}
