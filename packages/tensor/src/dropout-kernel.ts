import { DROPOUT_BYTES } from './wasm/dropout-bytes'

/** Values of one call: what fills the kernel's one page of memory. */
export const KERNEL_VALUES = 16_384

/** Values that come out of the four Philox blocks which the kernel computes side by side. */
export const GROUP_VALUES = 32

/** Draws dropout masks into its own memory. */
export interface DropoutKernel {
  memory: { buffer: ArrayBuffer }
  /**
   * Fills the memory up to `end` with masks.
   *
   * @param end a byte address, a multiple of 128
   * @param block counter of the first Philox block; `site`, `step` and `seedHigh` are the rest of the counter
   * @param threshold a draw of 16 bits below it drops, 0 .. 65535
   * @param kept the value of what is kept
   */
  fill(
    end: number,
    block: number,
    site: number,
    step: number,
    seedHigh: number,
    seed: number,
    key: number,
    threshold: number,
    kept: number,
  ): void
}

/** The part of the platform's WebAssembly used here; TypeScript has types for it only beside those of a browser. */
interface Platform {
  WebAssembly: {
    Module: new (bytes: Uint8Array<ArrayBuffer>) => object
    Instance: new (module: object) => { exports: DropoutKernel }
  }
}

function compile(): DropoutKernel {
  const { WebAssembly } = globalThis as unknown as Platform
  try {
    const bytes = Uint8Array.from(DROPOUT_BYTES.match(/../g)!, byte => Number.parseInt(byte, 16))
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports
  } catch (cause) {
    throw new Error(
      `Dropout needs WebAssembly with 128-bit vectors, which does not run here (${cause}). Browsers: ` +
        "Chrome 91, Firefox 89, Safari 16.4; a Content-Security-Policy must allow it: script-src 'wasm-unsafe-eval'.",
      { cause },
    )
  }
}

let kernel: DropoutKernel | undefined

/**
 * The kernel, compiled when it is first needed: plain JavaScript draws a fifth as fast.
 *
 * @throws Error where the platform has no WebAssembly with vectors, or forbids it.
 */
export function dropoutKernel(): DropoutKernel {
  kernel ??= compile()
  return kernel
}
