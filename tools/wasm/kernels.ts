import { readFileSync } from 'node:fs'
import wabt from 'wabt'
import { dropoutWat } from './dropout-wat'

/** A kernel's text in WebAssembly's text format, and where its bytes go, with the name they have there. */
export interface Kernel {
  /** What the kernel is for, in a few words. */
  about: string
  /** The file that holds the text, relative to the repository's root as `file`. */
  source: string
  text: string
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

/** A kernel in WebAssembly's binary format; an error names the file, the line and the column. */
export async function assembleKernel({ source, text }: Kernel): Promise<Uint8Array> {
  const { parseWat } = await wabt()
  const module = parseWat(source, text)
  try {
    module.resolveNames()
    module.validate()
    return module.toBinary({}).buffer
  } finally {
    module.destroy()
  }
}

/**
 * The TypeScript file that holds a kernel's bytes, as the formatter leaves it. They are in hexadecimal because that shrinks
 * best in a page: what repeats in the bytes repeats in their digits too, which base64 shifts by its groups of three.
 */
export function bytesFile({ about, source, constant }: Kernel, bytes: Uint8Array): string {
  const lines = Buffer.from(bytes)
    .toString('hex')
    .match(/.{1,100}/g)!
  return `// Written by \`npm run wasm\` from ${source}: change that, and run it again.

/** The WebAssembly module of ${about}, in hexadecimal. */
export const ${constant} =
  ${lines.map(line => `'${line}'`).join(' +\n  ')}
`
}
