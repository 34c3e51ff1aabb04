import { createServer } from 'vite'
import type { FileServer } from '../browser/serve-files'
import { STRICT_POLICY } from '../page-worker/serve-page'

/** What Vite's development server serves. */
export interface ViteServerOptions {
  /** The folder of the page. */
  root: string
  /** Addresses that another server answers. */
  proxy: Readonly<Record<string, string>>
  /** Headers of every answer, beside the policy. */
  headers: Readonly<Record<string, string>>
}

/** Serves a page by Vite's development server, on loopback. */
export async function developWithVite({ root, proxy, headers }: ViteServerOptions): Promise<FileServer> {
  const server = await createServer({
    ...{ root, configFile: false, logLevel: 'warn' },
    server: {
      ...{ host: '127.0.0.1', port: 0, proxy: { ...proxy } },
      headers: { 'Content-Security-Policy': STRICT_POLICY, ...headers },
    },
  })
  await server.listen()
  return { origin: server.resolvedUrls!.local[0]!.replace(/\/$/, ''), close: () => server.close() }
}
