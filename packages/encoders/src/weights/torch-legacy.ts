import { ByteCursor } from './byte-cursor'
import { type Refuse, shownValue } from './refusal'
import { stateDict } from './state-dict'
import { findTorchGlobal } from './torch-globals'
import { type TorchStorage, torchStorage } from './torch-storage'
import { torchWeight } from './torch-tensor'
import { unpickle } from './unpickler'
import type { ReadWeights } from './weights'

const MAGIC = 0x1950a86a20f9469cfc6cn
const PROTOCOL = 1001

/** Reads the storages behind the programs: in the order of `keys`, each its element count and its elements. */
function readStorages(
  cursor: ByteCursor,
  keys: unknown,
  storages: ReadonlyMap<string, TorchStorage>,
): Map<string, Uint8Array> {
  const { refuse } = cursor
  if (!Array.isArray(keys)) return refuse('must list its storages', typeof keys)
  const bytes = new Map<string, Uint8Array>()
  for (const key of keys) {
    const storage = storages.get(key)
    if (!storage) return refuse('must list only storages that it uses', shownValue(key))
    const count = cursor.uint64()
    if (count !== storage.count) {
      refuse(`must hold storage ${shownValue(key)} whole (${storage.count} elements)`, `${count} elements`)
    }
    bytes.set(key, cursor.take(count * storage.elementBytes))
  }
  return bytes
}

/**
 * Reads what `torch.save` wrote before PyTorch 1.6: magic number, protocol, machine, value and storage keys as five
 * pickle programs, then the storages.
 *
 * @throws InvalidArgumentError for a damaged or hostile file, or one written on a big-endian machine.
 */
export function readTorchLegacy(file: Uint8Array, refuse: Refuse): ReadWeights {
  const storages = new Map<string, TorchStorage>()
  let position = 0
  const next = (): unknown => {
    const { value, end } = unpickle(file, position, {
      refuse,
      findGlobal: findTorchGlobal,
      loadPersistent: id => {
        const storage = torchStorage(id, refuse)
        const known = storages.get(storage.key)
        if (known && (known.dtype !== storage.dtype || known.count !== storage.count)) {
          refuse('must describe a storage the same way each time', shownValue(storage.key))
        }
        storages.set(storage.key, storage)
        return storage
      },
    })
    position = end
    return value
  }
  if (next() !== MAGIC) refuse('must be a pickle that torch.save wrote', 'another pickle')
  const protocol = next()
  if (protocol !== PROTOCOL) refuse(`must have torch protocol ${PROTOCOL}`, shownValue(protocol))
  const machine = next()
  if (machine instanceof Map && machine.get('little_endian') === false) {
    refuse('must be little-endian', 'big-endian storages', 'Save it again on a little-endian machine.')
  }
  const { tensors, notes } = stateDict(next(), refuse)
  const keys = next()
  const bytes = readStorages(new ByteCursor(file, refuse, position), keys, storages)
  const weights = tensors.map(([name, tensor]) => {
    const data = bytes.get(tensor.storage.key)
    if (!data) return refuse(`must hold the storage of "${name}"`, 'none')
    return [name, torchWeight(tensor, data)] as const
  })
  return { weights: Object.fromEntries(weights), notes }
}
