import { UPDATE_BYTES } from './update-bytes'

const PAGE_BYTES = 0x10000
const LARGEST_PAGES = 0xffff

/** The arrays that lie one after another in a kernel's memory: values, gradients, first and second moments. */
const ARRAYS = 4
const NUMBER_BYTES = Float32Array.BYTES_PER_ELEMENT

/** Most numbers that a store can hold: four arrays of them fill 4 GiB, the most that WebAssembly addresses. */
export const LARGEST_LENGTH = Math.floor((LARGEST_PAGES * PAGE_BYTES) / (ARRAYS * NUMBER_BYTES))

/** The two loops of an optimiser over the memory they run in; ranges are bytes, and multiples of 16. */
export interface UpdateKernel {
  memory: { buffer: ArrayBuffer }
  /** The sum of the squares of the numbers between two addresses; there must be some. */
  sumOfSquares(from: number, to: number): number
  /**
   * Updates the numbers between two addresses, and their moments.
   *
   * @param distance bytes from a value to its gradient, from there to its first moment, and from there to its second
   * @param scale what the gradient is multiplied by first
   * @param rest1 1 - beta1; `rest2`, 1 - beta2
   * @param rate learning rate; `decay`, the share of a value that goes apart from the gradient
   */
  update(
    from: number,
    to: number,
    distance: number,
    scale: number,
    rest1: number,
    rest2: number,
    rate: number,
    epsilon: number,
    decay: number,
  ): void
}

/** The part of Node's WebAssembly used here; TypeScript has types for it only beside those of a browser. */
interface Platform {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object
    Memory: new (pages: { initial: number; maximum: number }) => UpdateKernel['memory']
    Instance: new (
      module: object,
      imports: { owner: Pick<UpdateKernel, 'memory'> },
    ) => { exports: Omit<UpdateKernel, 'memory'> }
  }
}

/** A kernel with memory for four arrays of `length` numbers; it is freed with the kernel and the views of it. */
export function createUpdateKernel(length: number): UpdateKernel {
  const { WebAssembly } = globalThis as unknown as Platform
  const pages = Math.ceil((ARRAYS * NUMBER_BYTES * length) / PAGE_BYTES)
  // As large as it begins: growing would take away the arrays that look into it.
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages })
  const bytes = Uint8Array.from(UPDATE_BYTES.match(/../g)!, byte => Number.parseInt(byte, 16))
  const module = new WebAssembly.Module(bytes)
  const { sumOfSquares, update } = new WebAssembly.Instance(module, { owner: { memory } }).exports
  return { memory, sumOfSquares, update }
}

/** The arrays of a kernel's memory, `length` numbers each. */
export function kernelArrays(
  { memory }: UpdateKernel,
  length: number,
): Record<'values' | 'gradients' | 'firstMoments' | 'secondMoments', Float32Array<ArrayBuffer>> {
  const array = (index: number): Float32Array<ArrayBuffer> =>
    new Float32Array(memory.buffer, index * NUMBER_BYTES * length, length)
  return { values: array(0), gradients: array(1), firstMoments: array(2), secondMoments: array(3) }
}
