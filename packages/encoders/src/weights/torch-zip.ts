import { type Refuse, shownValue } from './refusal'
import { stateDict } from './state-dict'
import { findTorchGlobal } from './torch-globals'
import { torchStorage } from './torch-storage'
import { torchWeight } from './torch-tensor'
import { unpickle } from './unpickler'
import type { ReadWeights } from './weights'
import { readZipEntries } from './zip-entries'

const PROGRAM = '/data.pkl'

/**
 * Reads what `torch.save` writes since PyTorch 1.6: a zip of one pickle program and one entry for each storage.
 *
 * @throws InvalidArgumentError for a damaged or hostile file, or one written on a big-endian machine.
 */
export function readTorchZip(file: Uint8Array, refuse: Refuse): ReadWeights {
  const entries = readZipEntries(file, refuse)
  const program = [...entries.keys()].filter(name => name.endsWith(PROGRAM))
  if (program.length !== 1) {
    refuse('must be an archive that torch.save wrote', `a zip with ${program.length} data.pkl`)
  }
  const folder = program[0]!.slice(0, -PROGRAM.length)
  const order = new TextDecoder().decode(
    entries.get(`${folder}/byteorder`)?.subarray(0, 10) ?? new Uint8Array(),
  )
  if (order !== '' && order !== 'little') {
    refuse('must be little-endian', `byte order ${order}`, 'Save it again on a little-endian machine.')
  }
  const { value } = unpickle(entries.get(program[0]!)!, 0, {
    refuse,
    findGlobal: findTorchGlobal,
    loadPersistent: id => torchStorage(id, refuse),
  })
  const { tensors, notes } = stateDict(value, refuse)
  const weights = tensors.map(([name, tensor]) => {
    const { key, count, elementBytes } = tensor.storage
    const bytes = entries.get(`${folder}/data/${key}`)
    if (!bytes || bytes.length < count * elementBytes) {
      return refuse(
        `must hold the whole storage ${shownValue(key)} of "${name}" (${count * elementBytes} bytes)`,
        bytes ? `${bytes.length} bytes` : 'none',
      )
    }
    return [name, torchWeight(tensor, bytes)] as const
  })
  return { weights: Object.fromEntries(weights), notes }
}
