import { readSafetensors, toFloat32 } from '@mafjs/tensor/safetensors'
import { Opcode } from './opcodes'
import { readWholeFile } from './read-file'
import { refusalOf } from './refusal'
import { INDEX_ENDING, readSharded } from './sharded'
import { readTorchLegacy } from './torch-legacy'
import { readTorchZip } from './torch-zip'
import type { ReadWeights, Weights } from './weights'

const ZIP_START = [0x50, 0x4b, 0x03, 0x04]
/** After 8 bytes of length, a safetensors header is JSON. */
const BRACE = 0x7b

/** What wraps a network while it trains puts this before every name: `DataParallel`, and `torch.compile`. */
const WRAPPED = /^(module|_orig_mod)\./

/**
 * Loads the tensors of a checkpoint file: safetensors, or PyTorch's zip or legacy pickle (`.pt`, `.pth`, `.bin`, `.th`),
 * told apart by content; of a `*.index.json` those of every file that it lists. A pickle is read, never run: tensors,
 * numbers, strings and containers. Dictionaries around the state dict (`state_dict`, `model`, `teacher` ...) and the
 * prefixes `module.` and `_orig_mod.` of every name are taken off, values that are no tensors left out.
 *
 * The file is held in memory once, until the last of its weights is dropped; `values()` decodes one tensor.
 *
 * @throws InvalidArgumentError naming the file, what is wrong (missing, truncated, another format, a refused global) and
 * the fix.
 */
export async function loadWeights(path: string): Promise<Weights> {
  return (await readWeights(path)).weights
}

/**
 * The same, and what was taken off.
 *
 * @throws InvalidArgumentError as `loadWeights` does.
 */
export async function readWeights(path: string): Promise<ReadWeights> {
  const read = path.endsWith(INDEX_ENDING)
    ? await readSharded(path, readWeightsFile)
    : await readWeightsFile(path)
  return withoutWrapping(read)
}

function withoutWrapping({ weights, notes }: ReadWeights): ReadWeights {
  const [prefix] = WRAPPED.exec(Object.keys(weights)[0] ?? '') ?? []
  if (prefix === undefined || !Object.keys(weights).every(name => name.startsWith(prefix))) {
    return { weights, notes }
  }
  const entries = Object.entries(weights).map(
    ([name, weight]) => [name.slice(prefix.length), weight] as const,
  )
  const said = [...notes, `The prefix "${prefix}" was taken off every name.`]
  return withoutWrapping({ weights: Object.fromEntries(entries), notes: said })
}

async function readWeightsFile(path: string): Promise<ReadWeights> {
  const refuse = refusalOf(path)
  const file = await readWholeFile(path, refuse)
  if (ZIP_START.every((byte, i) => file[i] === byte)) return readTorchZip(file, refuse)
  // A pickle's first byte may also be that of a safetensors header's length, whose upper half is 0 then.
  const hasHeader = file[8] === BRACE && file.subarray(4, 8).every(byte => byte === 0)
  if (file[0] === Opcode.PROTO && !hasHeader) return readTorchLegacy(file, refuse)
  if (file[8] !== BRACE) {
    refuse(
      'must be safetensors, or a zip or pickle that torch.save wrote',
      `a file that begins with ${Buffer.from(file.subarray(0, 16)).toString('hex')}`,
      'Convert the checkpoint to safetensors, or save its state dict with torch.',
    )
  }
  const { tensors } = readSafetensors(file, path)
  const weights = Object.entries(tensors).map(([name, stored]) => [
    name,
    { dtype: stored.dtype, shape: stored.shape, values: () => toFloat32(stored) },
  ])
  return { weights: Object.fromEntries(weights), notes: [] }
}
