import { createRequire } from 'node:module'

/** Functions that Node has removed from its module `util`. */
interface Removed {
  isNullOrUndefined?: (value: unknown) => boolean
  isArray?: (value: unknown) => boolean
}

/** Gives back the functions of `util` that tfjs-node 4.22 calls and Node 23 has removed; one that is there stays. */
export function restoreUtil(
  // A module's own object: what is imported cannot be written to.
  util: Removed = createRequire(import.meta.url)('node:util'),
): void {
  util.isNullOrUndefined ??= value => value === null || value === undefined
  util.isArray ??= Array.isArray
}
