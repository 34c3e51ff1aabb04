import { writeFile } from 'node:fs/promises'

/** The operating system's errors of a write say what failed; this adds where. */
function named(error: unknown, path: string): unknown {
  if (!(error instanceof Error && 'syscall' in error) || 'path' in error) return error
  error.message = `${error.message} '${path}'`
  return Object.assign(error, { path })
}

/** Writes to a file; an error says which, as that of a full disk does not of itself. */
export async function nameFailure<Result>(path: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    throw named(error, path)
  }
}

/** Writes a file that may be lost with the power. */
export const writeUnsynced = (path: string, content: Uint8Array | string): Promise<void> =>
  nameFailure(path, () => writeFile(path, content))

/** As `nameFailure`, at once. */
export function nameFailureSync<Result>(path: string, write: () => Result): Result {
  try {
    return write()
  } catch (error) {
    throw named(error, path)
  }
}
