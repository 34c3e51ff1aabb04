/** What `git clone` leaves in place of a large file where Git LFS is not installed; checked out on Windows it may end with `\r\n`. */
const POINTER = /^version \S*git-lfs\S*\s/

/** What a file that is one was given as, for an error. */
export const LFS_POINTER = 'a Git LFS pointer, a few lines of text that stand for the file'

/** How the file itself is had. */
export const LFS_FIX = 'Fetch it with `git lfs pull`, or download it from where the checkpoint came from.'

/** Whether the first bytes of a file are those of a Git LFS pointer. */
export function isLfsPointer(file: Uint8Array): boolean {
  return POINTER.test(Buffer.from(file.subarray(0, 100)).toString('latin1'))
}
