import { InvalidArgumentError } from '@mafjs/tensor'
import { readModelFile } from '#platform'
import { type ExternalTensor, externalTensors } from './graph/external-tensors'
import { type OpenedModel, openModel } from './session/open-model'
import type { ThreadOptions } from './session/session-options'

/** How a `.onnx` file is opened. */
export interface OpenOnnxOptions extends ThreadOptions {
  /**
   * Sees the bytes of the model, which it must not keep, before ONNX Runtime does; what it throws refuses them. In browsers
   * it sees only a model that is given as bytes.
   * @default nothing looks
   */
  inspect?: ((model: Uint8Array) => void) | undefined
}

/**
 * Gives a `.onnx` file to ONNX Runtime. The numbers that lie beside it are found from its path, in its own folder; of bytes,
 * which have no folder, they would be looked for wherever the process happens to be: such bytes are refused.
 *
 * @param model the path of a file, or the bytes of one that has all its numbers within; a worker takes them away
 * @throws InvalidArgumentError for a file that is missing or no model, and for numbers outside of the bytes or of the folder.
 * @throws Error of ONNX Runtime for a model that it cannot run.
 */
export async function openOnnx(
  model: string | Uint8Array,
  { inspect = () => {}, ...options }: OpenOnnxOptions = {},
): Promise<OpenedModel> {
  if (typeof model === 'string') await inspectFile(model, inspect)
  else inspectBytes(model, inspect)
  return openModel(model, options)
}

function inspectBytes(model: Uint8Array, inspect: (model: Uint8Array) => void): void {
  inspect(model)
  const [place] = externalTensors(model)
  if (!place) return
  throw new InvalidArgumentError({
    argument: 'model',
    rule: 'must hold all its numbers where it is given as bytes',
    received: `the tensor "${place.tensor}" in a file ${place.location}`,
    fix: 'Give the path of the model, or move its numbers into it with embedExternal.',
  })
}

/** ONNX Runtime reads the file again: handed over, its bytes would be there twice while they are laid out. */
async function inspectFile(path: string, inspect: (model: Uint8Array) => void): Promise<void> {
  const file = await readModelFile(path)
  if (!file) return
  try {
    inspect(file.bytes)
    for (const place of externalTensors(file.bytes, path)) await assertThere(place, path, file.sizeOf)
  } finally {
    file.release()
  }
}

async function assertThere(
  { tensor, location, offset, length }: ExternalTensor,
  model: string,
  sizeOf: (location: string) => Promise<number | undefined>,
): Promise<void> {
  const size = await sizeOf(location)
  if (size !== undefined && offset + length <= size) return
  throw new InvalidArgumentError({
    argument: `tensor "${tensor}" of ${model}`,
    rule: `must have ${length} bytes from ${offset} on in ${location}, beside the model`,
    received: size === undefined ? 'no such file' : `a file of ${size} bytes`,
    fix: `It was cut off, or belongs to another model; copy ${location} again.`,
  })
}
