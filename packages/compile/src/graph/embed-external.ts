import { InvalidArgumentError } from '@mafjs/tensor'
import { MOST_BYTES } from './encode-model'
import { type ExternalTensor, readTensors } from './external-tensors'
import { TensorsOfModel } from './tensor-schema'

/**
 * Moves numbers that lie beside a `.onnx` file into it; everything else of it stays as it is.
 *
 * @param model the bytes of the file; where all its numbers are within, these are what is given back
 * @param read gives the bytes of one tensor from the file beside the model
 * @param name what the model is called in errors. @default 'model'
 * @throws InvalidArgumentError naming the tensor and the file, for numbers that are not there, or more than one file can
 * hold.
 */
export async function embedExternal(
  model: Uint8Array,
  read: (place: ExternalTensor) => Promise<Uint8Array>,
  name = 'model',
): Promise<Uint8Array> {
  const { message, external } = readTensors(model, name)
  if (external.length === 0) return model
  const size = external.reduce((sum, { length }) => sum + length, model.byteLength)
  if (size > MOST_BYTES) {
    throw new InvalidArgumentError({
      argument: name,
      rule: 'must have less than 2 GiB of numbers to be one file',
      received: `${(size / 2 ** 30).toFixed(1)} GiB`,
      fix: 'Use a smaller model, or one in half precision.',
    })
  }
  for (const { stored, ...place } of external) {
    const raw = await read(place)
    if (raw.byteLength !== place.length) {
      throw new InvalidArgumentError({
        argument: `tensor "${place.tensor}" of ${name}`,
        rule: `must have ${place.length} bytes from ${place.offset} on in ${place.location}`,
        received: `${raw.byteLength} bytes: the file is shorter`,
        fix: `It was cut off, or belongs to another model; copy ${place.location} again.`,
      })
    }
    stored.raw = raw
    stored.external = []
    stored.location = 0
  }
  return TensorsOfModel.encode(message).finish()
}
