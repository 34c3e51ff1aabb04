import { existsSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import type { Route } from 'playwright-core'
import { chromiumPath, startChromium } from '../browser/chromium'
import type { TargetResult } from './in-node'

const WITH_WEBGPU = ['--enable-unsafe-webgpu', '--disable-sync']

/** WebGPU without a GPU: SwiftShader computes it. */
const SOFTWARE = ['--use-webgpu-adapter=swiftshader']

/** WebGPU on a GPU, which without a screen must be allowed. */
const HARDWARE = ['--enable-features=Vulkan', '--ignore-gpu-blocklist']

/** What the pages may ask for below each path. */
const FOLDERS: Record<string, () => string> = {
  'tfjs-wasm': () => dirname(fileURLToPath(import.meta.resolve('@tensorflow/tfjs-backend-wasm'))),
  onnxruntime: () => dirname(fileURLToPath(import.meta.resolve('onnxruntime-web'))),
}

const TYPES: Record<string, string> = { '.wasm': 'application/wasm', '.mjs': 'text/javascript' }

/** The maths of a model reads no file: whatever packages take from there when they are loaded is a name without a deed. */
const NOTHING = `const nothing = new Proxy(class {}, { get: (_, name) => name === Symbol.toPrimitive ? () => '' : nothing, apply: () => nothing })
module.exports = Object.create(nothing)`

const withoutFiles: Plugin = {
  name: 'without-files',
  setup(bundler) {
    const filter =
      /^node:|^sharp$|^@huggingface\/|^commander$|^cli-progress$|^onnxruntime-node$|^@tensorflow\/tfjs-node/
    bundler.onResolve({ filter }, ({ path }) => ({ path, namespace: 'empty' }))
    bundler.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: NOTHING }))
  },
}

async function bundle(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('in-browser.ts', import.meta.url))],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    conditions: ['@mafjs/source', 'browser'],
    mainFields: ['browser', 'module', 'main'],
    ignoreAnnotations: true,
    plugins: [withoutFiles],
    logLevel: 'error',
  })
  return outputFiles[0]!.text
}

/** Gives a page what it loads: no server is needed. */
async function answer(route: Route, script: string): Promise<void> {
  const [, folder = '', file = ''] = new URL(route.request().url()).pathname.split('/')
  const root = FOLDERS[folder]?.()
  const headers = {
    // Isolated, so that threads of wasm may share memory.
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Embedder-Policy': 'require-corp',
    'Content-Type':
      root || folder === 'matrix.js' ? (TYPES[extname(file)] ?? 'text/javascript') : 'text/html',
  }
  if (!root) {
    const body = folder === 'matrix.js' ? script : '<script src="/matrix.js"></script>'
    return route.fulfill({ body, headers })
  }
  const path = join(root, file)
  return existsSync(path) ? route.fulfill({ path, headers }) : route.fulfill({ status: 404 })
}

/** Runs targets in Chromium, each in a page of its own. @param gpu whether WebGPU is to run on a GPU */
export async function runInChromium(
  targets: readonly string[],
  onResult: (target: string, result: TargetResult) => void,
  { gpu = false }: { gpu?: boolean } = {},
): Promise<void> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) {
    const missing = 'no Chromium here: install it (Debian: apt install chromium), or name it in CHROMIUM'
    for (const target of targets) onResult(target, { results: [], missing })
    return
  }
  const script = await bundle()
  const browser = await startChromium(executablePath, [...WITH_WEBGPU, ...(gpu ? HARDWARE : SOFTWARE)])
  try {
    for (const target of targets) {
      const page = await browser.newPage()
      page.setDefaultTimeout(0)
      await page.route('**/*', route => answer(route, script))
      let broken = ''
      page.on('pageerror', ({ message }) => {
        broken ||= message
      })
      await page.goto('http://localhost/')
      const result = await page
        .evaluate(name => (globalThis as never as Page).runMatrix(name), target)
        .catch(
          ({ message }: Error): TargetResult => ({
            results: [],
            missing: (broken || message).split('\n')[0]!,
          }),
        )
      onResult(target, result)
      await page.close()
    }
  } finally {
    await browser.close()
  }
}

interface Page {
  runMatrix(target: string): Promise<TargetResult>
}
