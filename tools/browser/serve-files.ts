import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, normalize } from 'node:path'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
}

/** A server on loopback. */
export interface FileServer {
  /** `http://127.0.0.1:...` */
  origin: string
  close(): Promise<void>
}

/**
 * Serves files on loopback.
 *
 * @param fileOf the file that is at a path of an address; nothing where none is
 * @param headers of every answer
 */
export async function serveFiles(
  fileOf: (path: string) => string | undefined,
  headers: Readonly<Record<string, string>> = {},
): Promise<FileServer> {
  const server = createServer((request, response) => {
    const file = fileOf(normalize(decodeURIComponent(new URL(request.url!, 'http://127.0.0.1').pathname)))
    if (file === undefined || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.writeHead(404, headers).end()
      return
    }
    const type = TYPES[extname(file)] ?? 'application/octet-stream'
    const size = String(statSync(file).size)
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': size, ...headers })
    createReadStream(file).pipe(response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
