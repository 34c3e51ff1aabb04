import { readSafetensors, toFloat32 } from '@mafjs/tensor/safetensors'
import { Opcode } from './opcodes'
import { readWholeFile } from './read-file'
import { refusalOf } from './refusal'
import { readTorchLegacy } from './torch-legacy'
import { readTorchZip } from './torch-zip'
import type { Weights } from './weights'

const ZIP_START = [0x50, 0x4b, 0x03, 0x04]
/** After 8 bytes of length, a safetensors header is JSON. */
const BRACE = 0x7b

/**
 * Loads the tensors of a checkpoint file: safetensors, or PyTorch's zip or legacy pickle (`.pt`, `.pth`, `.bin`, `.th`),
 * told apart by content. A pickle is read, never run: tensors, numbers, strings and containers; one `state_dict` wrapper
 * and the prefix `module.` of every name are taken off, values that are no tensors left out.
 *
 * The file is held in memory once, until the last of its weights is dropped; `values()` decodes one tensor.
 *
 * @throws InvalidArgumentError naming the file, what is wrong (missing, truncated, another format, a refused global) and
 * the fix.
 */
export async function loadWeights(path: string): Promise<Weights> {
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
  return Object.fromEntries(
    Object.entries(tensors).map(([name, stored]) => [
      name,
      { dtype: stored.dtype, shape: stored.shape, values: () => toFloat32(stored) },
    ]),
  )
}
