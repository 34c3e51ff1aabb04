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
  UntypedStorage: 'U8',
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

/** Types of which torch has no class of storages: their tensors are views of bytes, and state them. */
const VIEWED_TYPES: Readonly<Record<string, SafetensorsType>> = {
  'torch.float8_e4m3fn': 'F8_E4M3',
  'torch.float8_e4m3fnuz': 'F8_E4M3FNUZ',
  'torch.float8_e5m2': 'F8_E5M2',
  'torch.float8_e5m2fnuz': 'F8_E5M2FNUZ',
  'torch.float8_e8m0fnu': 'F8_E8M0',
  'torch.uint16': 'U16',
  'torch.uint32': 'U32',
  'torch.uint64': 'U64',
}

/** Their full names. */
export const VIEWED_NAMES: readonly string[] = Object.keys(VIEWED_TYPES)

/** A storage of bytes as one of another type; undefined for one that torch does not write so. */
export function viewedStorage(storage: unknown, type: unknown): TorchStorage | undefined {
  if (!(storage instanceof TorchStorage && type instanceof PickleGlobal) || storage.dtype !== 'U8')
    return undefined
  const dtype = Object.hasOwn(VIEWED_TYPES, type.name) ? VIEWED_TYPES[type.name] : undefined
  return dtype && new TorchStorage(storage.key, dtype, Math.floor(storage.count / ELEMENT_BYTES[dtype]), 0)
}

/** The storage type of a class of module `torch`, where it is one; bytes of any type are those of `UntypedStorage`. */
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
