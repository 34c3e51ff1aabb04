import { ELEMENT_BYTES, type SafetensorsType } from '@mafjs/tensor/safetensors'
import { PickleGlobal } from './pickle-machine'
import { type Refuse, shownValue } from './refusal'

const STORAGE_TYPES: Record<string, SafetensorsType> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
  ComplexFloatStorage: 'C64',
  ComplexDoubleStorage: 'C128',
}

/** The global `torch.FloatStorage` and its like: names of element types, not to be called. */
export class StorageType extends PickleGlobal {
  constructor(
    name: string,
    readonly dtype: SafetensorsType,
  ) {
    super(`torch.${name}`)
  }
}

/** The storage type of a class of module `torch`, where it is one. */
export function storageType(name: string): StorageType | undefined {
  const dtype = Object.hasOwn(STORAGE_TYPES, name) ? STORAGE_TYPES[name] : undefined
  return dtype && new StorageType(name, dtype)
}

/** A run of elements that tensors share; its bytes are elsewhere in the file, found by the key. */
export class TorchStorage {
  constructor(
    readonly key: string,
    readonly dtype: SafetensorsType,
    /** Elements of the whole storage. */
    readonly count: number,
    /** Where a view of the storage (written by torch before 0.4) begins. */
    readonly start: number,
  ) {}

  get elementBytes(): number {
    return ELEMENT_BYTES[this.dtype]
  }
}

const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/**
 * Reads torch's persistent id: `('storage', type, key, device, count)`, with the view's `(key, start, count)` or
 * `None` after it in the legacy format.
 */
export function torchStorage(id: unknown, refuse: Refuse): TorchStorage {
  const [kind, type, key, , count, view] = Array.isArray(id) ? id : []
  const start = view === null || view === undefined ? 0 : Array.isArray(view) ? view[1] : Number.NaN
  if (
    kind !== 'storage' ||
    !(type instanceof StorageType) ||
    typeof key !== 'string' ||
    !isSize(count) ||
    !isSize(start)
  ) {
    return refuse('must refer to storages as torch does', `the persistent id ${shownValue(kind)}`)
  }
  return new TorchStorage(key, type.dtype, count, start)
}
