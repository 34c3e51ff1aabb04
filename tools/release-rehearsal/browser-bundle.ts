import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, type Plugin } from 'vite'
import type { Stranger } from './stranger'

/** The largest a module may be in a browser, in bytes of gzip, with its part of tensor and without what computes. */
export const BROWSER_LIMIT = 6000

/** What computes, which is no part of a package's own size: TensorFlow.js and ONNX Runtime. */
const RUNTIMES = [/^@tensorflow\//, /^onnxruntime-web/]

/** Bytes of gzip that a browser loads. */
export interface BrowserSize {
  /** The package with what it needs of ours. */
  own: number
  /** The same with all that it needs of TensorFlow.js, not of ONNX Runtime, which is loaded when it is asked for. */
  withTfjs: number
}

/** What Vite puts in the place of a module of Node; with the module's name behind it, unless a manifest's `browser` asks. */
const REPLACED = '__vite-browser-external:'

/** Fails where anything asks for a module of Node without saying, as TensorFlow.js does, that browsers do without it. */
const noBuiltins = (): Plugin => ({
  name: 'no-builtins',
  enforce: 'pre',
  async resolveId(specifier, importer) {
    if (!specifier.startsWith('node:') && !builtinModules.includes(specifier)) return null
    const resolved = await this.resolve(specifier, importer, { skipSelf: true })
    if (resolved && !resolved.external && !resolved.id.includes(REPLACED)) return resolved
    throw new Error(`${importer} imports ${specifier}, which browsers do not have.`)
  },
})

/** Bytes of the gzip of a bundle, minified as an application is. @param external what is left out of it */
async function bundleSize({ folder }: Stranger, entry: string, external: RegExp[]): Promise<number> {
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    plugins: [noBuiltins()],
    build: {
      write: false,
      target: 'es2022',
      reportCompressedSize: false,
      // An application keeps what it uses; here that is every export.
      rolldownOptions: { input: join(folder, entry), external, preserveEntrySignatures: 'strict' },
    },
  })
  const outputs = [built].flat().flatMap(one => ('output' in one ? one.output : []))
  const chunks = outputs.filter(one => one.type === 'chunk')
  return chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0)
}

/**
 * Bundles all that a package exports, as a browser gets it.
 *
 * @param limit bytes of gzip that it may have
 * @throws Error where something of Node is asked for, or the package is larger.
 */
export async function bundleForBrowser(
  stranger: Stranger,
  name: string,
  limit = BROWSER_LIMIT,
): Promise<BrowserSize> {
  await stranger.write('browser.js', `export * from '${name}'\n`)
  const own = await bundleSize(stranger, 'browser.js', RUNTIMES)
  const withTfjs = await bundleSize(stranger, 'browser.js', RUNTIMES.slice(1))
  if (own > limit) {
    throw new Error(`${name} is ${own} bytes of gzip in a browser, more than ${limit}.`)
  }
  return { own, withTfjs }
}
