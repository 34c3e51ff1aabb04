// @ts-check
import { readFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

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

/** @type {import('node:module').LoadHook} */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
  const built = await build({
    entryPoints: [fileURLToPath(url)],
    ...{ bundle: true, write: false, format: 'esm', platform: 'node', target: 'node20' },
    ...{ conditions: ['@mafjs/source'], ignoreAnnotations: true, plugins: [ownSources] },
  })
  return { format: 'module', source: built.outputFiles[0]?.text, shortCircuit: true }
}
