import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { chromium } from 'playwright-core'
import type { BrowserTarget, TargetResult } from './targets'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Quiet, and with WebGPU. */
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
]

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

/** The maths of a model reads no file: what its package imports for that is empty here. */
const withoutFiles: Plugin = {
  name: 'without-files',
  setup(bundler) {
    bundler.onResolve({ filter: /^node:|^sharp$|^@huggingface\// }, ({ path }) => ({
      path,
      namespace: 'empty',
    }))
    bundler.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {}' }))
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

/** Serves the page and what it loads, on loopback. */
async function serve(script: string) {
  const server = createServer(async (request, response) => {
    const [, folder = '', file = ''] = request.url!.split('/')
    // Isolated, so that threads of wasm may share memory.
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp')
    if (folder === 'matrix.js') return response.setHeader('Content-Type', 'text/javascript').end(script)
    const root = FOLDERS[folder]?.()
    if (!root)
      return response.setHeader('Content-Type', 'text/html').end('<script src="/matrix.js"></script>')
    try {
      const content = await readFile(join(root, file.split('?')[0]!))
      response.setHeader('Content-Type', TYPES[extname(file)] ?? 'text/javascript').end(content)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}/`, close: () => new Promise(resolve => server.close(resolve)) }
}

/** Runs targets in Chromium, each in a page of its own. @param gpu whether WebGPU is to run on a GPU */
export async function runInChromium(
  targets: readonly BrowserTarget[],
  onResult: (target: BrowserTarget, result: TargetResult) => void,
  { gpu = false }: { gpu?: boolean } = {},
): Promise<void> {
  const executablePath = process.env['CHROMIUM'] ?? PLACES.find(existsSync)
  if (executablePath === undefined) {
    const missing = 'no Chromium here: install it (Debian: apt install chromium), or name it in CHROMIUM'
    for (const target of targets) onResult(target, { results: [], missing })
    return
  }
  const server = await serve(await bundle())
  const browser = await chromium.launch({
    executablePath,
    args: [...FLAGS, ...(gpu ? HARDWARE : SOFTWARE)],
  })
  try {
    for (const target of targets) {
      const page = await browser.newPage()
      page.setDefaultTimeout(0)
      await page.goto(server.address)
      const result = await page
        .evaluate(name => (globalThis as never as Page).runMatrix(name), target)
        .catch((error: Error): TargetResult => ({ results: [], missing: error.message.split('\n')[0]! }))
      onResult(target, result)
      await page.close()
    }
  } finally {
    await browser.close()
    server.close()
  }
}

interface Page {
  runMatrix(target: BrowserTarget): Promise<TargetResult>
}
