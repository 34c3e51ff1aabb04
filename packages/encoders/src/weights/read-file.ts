import { type FileHandle, open } from 'node:fs/promises'
import { isLfsPointer, LFS_FIX, LFS_POINTER } from './lfs-pointer'
import type { Refuse } from './refusal'

/** A single read is limited to 2 GiB by the operating system, a checkpoint is not. */
const PIECE_BYTES = 2 ** 30

/**
 * Reads a whole file into one array.
 *
 * @throws InvalidArgumentError for a missing or unreadable file, a folder, an empty file, or a Git LFS pointer.
 */
export async function readWholeFile(path: string, refuse: Refuse): Promise<Uint8Array> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (error) {
    return refuse('must be a readable file', (error as Error).message, 'Check the path and its permissions.')
  }
  try {
    const stats = await handle.stat()
    if (!stats.isFile()) {
      refuse('must be a file', stats.isDirectory() ? 'a folder' : 'a device', 'Name the weights file in it.')
    }
    if (stats.size === 0) refuse('must not be empty', '0 bytes')
    const file = new Uint8Array(stats.size)
    for (let position = 0; position < file.length; ) {
      const { bytesRead } = await handle.read(file, position, Math.min(PIECE_BYTES, file.length - position))
      if (bytesRead === 0) refuse(`must have ${file.length} bytes`, `only ${position} could be read`)
      position += bytesRead
    }
    if (isLfsPointer(file)) refuse('must be the file itself', LFS_POINTER, LFS_FIX)
    return file
  } finally {
    await handle.close()
  }
}
