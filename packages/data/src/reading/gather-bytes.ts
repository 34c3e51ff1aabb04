/** Pieces of fewer bytes are copied together. */
const SMALL = 1024

const LARGEST_BLOCK = 65_536

/** Bytes that come in pieces. */
export interface GatheredBytes {
  readonly length: number
  /** How many pieces are held, however many came. */
  readonly pieces: number
  add(bytes: Uint8Array): void
  /** A copy of all of them; none are left. */
  take(): Uint8Array
}

/**
 * Gathers bytes that come in pieces, in about as much memory as they are bytes: a sender may send them one by one, and each piece takes a
 * hundred more, and keeps alive what it was cut from.
 */
export function gatherBytes(): GatheredBytes {
  let pieces: Uint8Array[] = []
  let length = 0
  /** The last piece, where it is a block of our own, and how far it is filled. */
  let block: Uint8Array | undefined
  let filled = 0
  const close = (): void => {
    if (block) pieces[pieces.length - 1] = block.subarray(0, filled)
    block = undefined
  }
  return {
    get length() {
      return length
    },
    get pieces() {
      return pieces.length
    },
    add(bytes) {
      if (bytes.length === 0) return
      length += bytes.length
      // The first may be all there is.
      if (bytes.length >= SMALL || pieces.length === 0) {
        close()
        pieces.push(bytes)
        return
      }
      if (!block || filled + bytes.length > block.length) {
        close()
        block = new Uint8Array(Math.min(LARGEST_BLOCK, Math.max(SMALL, length)))
        filled = 0
        pieces.push(block)
      }
      block.set(bytes, filled)
      filled += bytes.length
    },
    take() {
      close()
      const all = Buffer.concat(pieces)
      pieces = []
      length = 0
      return all
    },
  }
}
