import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { assertDigest } from '../export/check-export-graph'
import type { DownloadProgress, SentLoad } from './protocol'

/** What downloads tell. */
export interface DownloadOptions {
  signal?: AbortSignal | undefined
  onProgress?: ((progress: DownloadProgress) => void) | undefined
}

/** Reads the files of a model. */
export interface ModelReader {
  /** Bytes of a file without a digest: never kept. */
  fresh(name: string): Promise<Uint8Array>
  /** Bytes of a file whose SHA-256 is known; kept for the next visit. @throws InvalidArgumentError for other bytes, naming the file */
  checked(name: string, digest: string | undefined): Promise<Uint8Array>
}

/** What keeps files by their digest: whoever needs the same file, whatever it is called there, finds it. */
const CACHE = 'mafjs'
const placeOf = (digest: string): string => new URL(`/.mafjs/sha256/${digest}`, location.origin).href

/** @throws InvalidArgumentError where the browser gives no digests, and so no way to know a file. */
async function digestOf(bytes: Uint8Array): Promise<string> {
  const { subtle } = globalThis.crypto
  if (!subtle) {
    throw new InvalidArgumentError({
      argument: 'page',
      rule: 'must be a secure context: https, or localhost',
      received: location.origin,
      fix: 'Browsers compute digests nowhere else, and a file without one could be any.',
    })
  }
  const hash = new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>))
  return Array.from(hash, byte => byte.toString(16).padStart(2, '0')).join('')
}

/** Reads the files of a model from their address, the browser's cache, or as they were given. */
export function modelReader(
  { model, cache = true }: Pick<SentLoad, 'model' | 'cache'>,
  { signal, onProgress }: DownloadOptions,
): ModelReader {
  const read = async (name: string, mode: RequestCache): Promise<Uint8Array> => {
    if (typeof model === 'string') return download(new URL(name, model), mode, { name, signal, onProgress })
    const blob = model[name]
    if (!blob) throw missing(name, 'no such file among those that were given')
    return new Uint8Array(await blob.arrayBuffer())
  }
  const store = async (): Promise<Cache | undefined> =>
    cache && typeof model === 'string' && typeof caches !== 'undefined'
      ? caches.open(CACHE).catch(() => undefined)
      : undefined
  return {
    fresh: name => read(name, 'no-cache'),
    async checked(name, digest) {
      const kept = digest === undefined ? undefined : await store()
      const found = await kept?.match(placeOf(digest!))
      if (found) {
        const bytes = new Uint8Array(await found.arrayBuffer())
        if ((await digestOf(bytes)) === digest) {
          onProgress?.({ file: name, loaded: bytes.length, total: bytes.length, fromCache: true })
          return bytes
        }
        // Damaged where it was kept.
        await kept!.delete(placeOf(digest!))
      }
      let bytes = await read(name, 'default')
      let received = await digestOf(bytes)
      if (received !== digest && typeof model === 'string') {
        // Perhaps an older one that the browser or something on the way has kept.
        bytes = await read(name, 'reload')
        received = await digestOf(bytes)
      }
      assertDigest(name, digest, received)
      // Without room it is fetched again next time.
      await kept?.put(placeOf(digest!), new Response(bytes as Uint8Array<ArrayBuffer>)).catch(() => {})
      return bytes
    },
  }
}

const missing = (file: string, received: string): InvalidArgumentError =>
  new InvalidArgumentError({
    argument: file,
    rule: 'must be there: a file of an exported model',
    received,
    fix: 'Give the address of the folder that ner-maf export wrote, or all its files.',
  })

/** Fetches a file piece by piece. */
async function download(
  url: URL,
  cache: RequestCache,
  { name, signal, onProgress }: DownloadOptions & { name: string },
): Promise<Uint8Array> {
  const response = await fetch(url, { cache, ...(signal && { signal }) }).catch((error: Error) => {
    signal?.throwIfAborted()
    throw missing(url.href, error.message)
  })
  if (!response.ok) throw missing(url.href, `the server's answer ${response.status}`)
  // What is sent packed has the length of the pack.
  const packed = response.headers.has('content-encoding')
  const total = packed ? undefined : Number(response.headers.get('content-length')) || undefined
  const pieces: Uint8Array[] = []
  let loaded = 0
  for (const reader = response.body!.getReader(); ; ) {
    const { value } = await reader.read()
    if (!value) break
    pieces.push(value)
    loaded += value.length
    onProgress?.({ file: name, loaded, total, fromCache: false })
  }
  const bytes = new Uint8Array(loaded)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
