import { stat } from 'node:fs/promises'

/** Whether an error of the file system says that there is nothing at a path; that it may not be read is another matter. */
export const isMissing = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')

/** Whether something exists at a path; an error where that cannot be told. */
export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    error => {
      if (isMissing(error)) return false
      throw error
    },
  )
