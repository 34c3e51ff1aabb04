import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type FileServer, serveFiles } from '../browser/serve-files'

/** The strictest policy that a page with a model can have: its own scripts, and WebAssembly. */
export const STRICT_POLICY =
  "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' blob: data:"

/** What is served. */
export interface ServePageOptions {
  /** Folders by the first part of an address. */
  folders: Readonly<Record<string, string>>
  /** The folder of everything else, with its `index.html`. @default that of an empty page that knows `loadMaf` */
  page?: string | undefined
  /** Headers of every answer. @default STRICT_POLICY */
  headers?: Readonly<Record<string, string>> | undefined
}

/** Isolates a page from others, so that threads may share memory. */
export const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** Where ONNX Runtime's files for pages are. */
export const onnxRuntimeFolder = (): string => dirname(fileURLToPath(import.meta.resolve('onnxruntime-web')))

const PAGE = fileURLToPath(new URL('page/', import.meta.url))

/** Serves a page, and folders of files. */
export const servePage = ({ folders, page = PAGE, headers }: ServePageOptions): Promise<FileServer> =>
  serveFiles(
    path => {
      const [, first = '', ...rest] = path.split('/')
      const folder = folders[first]
      return folder ? join(folder, ...rest) : join(page, path === '/' ? 'index.html' : path)
    },
    { 'Content-Security-Policy': STRICT_POLICY, ...headers },
  )
