import { toFloat32 } from '@mafjs/tensor/safetensors'
import type { Refuse } from './refusal'
import { TorchStorage } from './torch-storage'
import type { Weight } from './weights'

/** torch itself allows 64, which no layer has, and a million times are a gigabyte. */
const MAX_RANK = 16
/** How many elements an expanded tensor (a stride of 0) may have beyond those of its storage. */
const MAX_EXPANDED = 2 ** 24

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) &&
  value.length <= MAX_RANK &&
  value.every(size => Number.isSafeInteger(size) && size >= 0)

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1)

/** A view of a storage: `storage[offset + sum(index * stride)]`, which its shape proves to stay inside. */
export class TorchTensor {
  readonly count: number

  constructor(
    readonly storage: TorchStorage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {
    this.count = product(shape)
  }

  /** Whether the elements already lie in row-major order. */
  get contiguous(): boolean {
    let expected = 1
    for (let axis = this.shape.length - 1; axis >= 0; axis--) {
      if (this.shape[axis] !== 1 && this.strides[axis] !== expected) return false
      expected *= this.shape[axis]!
    }
    return true
  }
}

/** Builds a tensor from the arguments of `torch._utils._rebuild_tensor` and its later versions. */
export function rebuildTensor(args: readonly unknown[], refuse: Refuse): TorchTensor {
  const [storage, offset, shape, strides] = args
  if (
    !(storage instanceof TorchStorage) ||
    !isSizes(shape) ||
    !isSizes(strides) ||
    !isSizes([offset]) ||
    shape.length !== strides.length
  ) {
    return refuse('must describe tensors as torch does', `${args.length} arguments that do not fit`)
  }
  const first = storage.start + (offset as number)
  const tensor = new TorchTensor(storage, first, [...shape], [...strides])
  const last = first + shape.reduce((sum, size, axis) => sum + (size - 1) * strides[axis]!, 0)
  const inside = tensor.count === 0 || (Number.isSafeInteger(last) && last < storage.count)
  if (!inside || !(tensor.count <= Math.max(storage.count, MAX_EXPANDED))) {
    refuse(
      'must keep every tensor inside its storage',
      `shape [${shape.join(', ')}], strides [${strides.join(', ')}], offset ${first} in ${storage.count} elements`,
    )
  }
  return tensor
}

/** The elements in row-major order; a view of the storage's bytes where they lie so already. */
function rowMajor({ storage, offset, shape, strides, count, contiguous }: TorchTensor, bytes: Uint8Array) {
  const size = storage.elementBytes
  if (contiguous || count === 0) return bytes.subarray(offset * size, (offset + count) * size)
  const result = new Uint8Array(count * size)
  const index = shape.map(() => 0)
  let from = offset
  for (let to = 0; to < result.length; to += size) {
    for (let byte = 0; byte < size; byte++) result[to + byte] = bytes[from * size + byte]!
    // Counts up like an odometer: the last axis first, carrying to the one before.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!
      index[axis]! += 1
      if (index[axis]! < shape[axis]!) break
      from -= shape[axis]! * strides[axis]!
      index[axis] = 0
    }
  }
  return result
}

/** A tensor whose values are taken from its storage's bytes when they are asked for. */
export function torchWeight(tensor: TorchTensor, bytes: Uint8Array): Weight {
  const { dtype } = tensor.storage
  const shape = [...tensor.shape]
  return { dtype, shape, values: () => toFloat32({ dtype, shape, bytes: rowMajor(tensor, bytes) }) }
}
