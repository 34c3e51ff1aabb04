import { readFile, stat } from 'node:fs/promises'
import { InvalidArgumentError } from '@mafjs/tensor'
import { PictureError } from './picture-error'

/** A picture's bytes, and how errors call it. */
export interface PictureSource {
  name: string
  bytes: Uint8Array
}

/** Two letters or more, so that a drive of Windows is none. */
const SCHEME = /^([a-z][a-z0-9+.-]*:\/\/|data:)/i

/**
 * Reads a picture's bytes from a path, or takes them as they are.
 *
 * @throws PictureError for a URL, a path that is missing, unreadable or no file, and for no bytes.
 */
export async function readSource(source: string | Uint8Array): Promise<PictureSource> {
  if (typeof source === 'string') {
    const bytes = await readPath(source)
    return { name: source, bytes: notEmpty(source, bytes) }
  }
  if (!(source instanceof Uint8Array)) {
    throw new InvalidArgumentError({
      argument: 'source',
      rule: 'must be a path, a Buffer or a Uint8Array',
      received: source === null ? 'null' : typeof source,
    })
  }
  const name = `picture of ${source.byteLength} bytes`
  return { name, bytes: notEmpty(name, source) }
}

function notEmpty(name: string, bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength > 0) return bytes
  throw new PictureError(name, 'empty', 'the picture is empty. Fetch it again.')
}

async function readPath(path: string): Promise<Uint8Array> {
  if (SCHEME.test(path)) {
    const message = 'a URL is not fetched. Download the picture and give its path or bytes.'
    throw new PictureError(path.slice(0, 100), 'remote', message)
  }
  try {
    const stats = await stat(path)
    // Reading a pipe or a device may never end.
    if (stats.isFile()) return await readFile(path)
    const kind = stats.isDirectory() ? 'a folder' : 'not a file'
    throw new PictureError(path, 'unreadable', `it is ${kind}. Name a picture file.`)
  } catch (cause) {
    if (cause instanceof PictureError) throw cause
    const { code = '', message } = cause as NodeJS.ErrnoException
    if (['ENOENT', 'ENOTDIR'].includes(code)) {
      throw new PictureError(path, 'missing', 'there is no such file. Check the path.', { cause })
    }
    throw new PictureError(path, 'unreadable', `it cannot be read (${message}). Check its permissions.`, {
      cause,
    })
  }
}
