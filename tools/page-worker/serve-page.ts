import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The strictest policy that a page with a model can have: its own scripts, and WebAssembly. */
export const STRICT_POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' blob: data:"

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
}

/** What is served. */
export interface ServePageOptions {
  /** Folders by the first part of an address. */
  folders: Readonly<Record<string, string>>
  /** Headers of every answer. @default STRICT_POLICY */
  headers?: Readonly<Record<string, string>> | undefined
}

/** A server on loopback. */
export interface PageServer {
  /** `http://127.0.0.1:...` */
  origin: string
  /** Paths that were asked for, in order. */
  asked: string[]
  close(): Promise<void>
}

const EMPTY =
  '<!doctype html><title>A page with a model</title><script type="module" src="/page.js"></script>'
/** Makes the module known to tests, as a script of the page's own. */
const SCRIPT = "import { loadMaf } from '/maf/browser.js'\nglobalThis.loadMaf = loadMaf\n"

/** Isolates a page from others, so that threads may share memory. */
export const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** Where ONNX Runtime's files for pages are. */
export const onnxRuntimeFolder = (): string => dirname(fileURLToPath(import.meta.resolve('onnxruntime-web')))

/** Serves an empty page that knows `loadMaf`, and folders of files. */
export async function servePage({ folders, headers }: ServePageOptions): Promise<PageServer> {
  const asked: string[] = []
  const always = { 'Content-Security-Policy': STRICT_POLICY, ...headers }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url!, 'http://127.0.0.1')
    asked.push(pathname)
    const [, first = '', ...rest] = pathname.split('/').map(decodeURIComponent)
    const made = { '': [EMPTY, '.html'], 'page.js': [SCRIPT, '.js'] }[first]
    if (made) {
      response.writeHead(200, { 'Content-Type': TYPES[made[1]!]!, ...always }).end(made[0])
      return
    }
    const folder = folders[first]
    const path = folder && join(folder, ...rest.filter(part => part !== '..'))
    if (!path || !existsSync(path) || !statSync(path).isFile()) {
      response.writeHead(404, always).end()
      return
    }
    const type = TYPES[extname(path)] ?? 'application/octet-stream'
    const size = String(statSync(path).size)
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': size, ...always })
    createReadStream(path).pipe(response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
