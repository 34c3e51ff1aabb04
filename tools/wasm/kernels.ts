import { readFileSync } from 'node:fs'
import { dropoutWat } from './dropout-wat'

/** A kernel's text, and where its bytes go; paths are relative to the repository's root. */
export interface Kernel {
  /** What the kernel is for, in a few words. */
  about: string
  /** The file that holds the text. */
  source: string
  /** The text, in WebAssembly's text format. */
  text: string
  /** The file for the bytes, and the name they have there. */
  file: string
  constant: string
}

/** The kernels whose bytes are committed. */
export const kernels: readonly Kernel[] = [
  {
    about: 'dropout masks',
    source: 'tools/wasm/dropout-wat.ts',
    text: dropoutWat,
    file: 'packages/tensor/src/wasm/dropout-bytes.ts',
    constant: 'DROPOUT_BYTES',
  },
  {
    about: "an optimiser's update",
    source: 'tools/wasm/update.wat',
    text: readFileSync(new URL('update.wat', import.meta.url), 'utf8'),
    file: 'packages/compile/src/training/update-bytes.ts',
    constant: 'UPDATE_BYTES',
  },
]
