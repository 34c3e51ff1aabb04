import { compile, type HostArray, type ThreadOptions } from '@mafjs/compile'
import { type Engine, sessionOf } from '@mafjs/compile/engine'
import type {
  EncodingArrays,
  ImageEncoder,
  ImageInputs,
  PictureArrays,
  PictureEncoder,
} from '@mafjs/encoders'
import * as tf from '@tensorflow/tfjs-core'
import { asTensors } from '../model/batch-tensors'
import type { MafParts } from '../model/maf'

/** The image encoder of a model: part of it, or outside. */
export type ImageParts = Pick<MafParts, 'imageEncoder' | 'onnxImage'>

/** Whether there is an image encoder of which nothing is trained. */
export const isFrozen = ({ imageEncoder, onnxImage }: ImageParts): boolean =>
  onnxImage !== undefined ||
  (imageEncoder !== undefined &&
    Object.values(imageEncoder.parameters()).every(({ trainable }) => !trainable))

/** Opens an image encoder by itself, as it is now. */
export function openPictureEncoder({ imageEncoder, onnxImage }: ImageParts, engine: Engine): PictureEncoder {
  if (onnxImage) return onnxImage.open(sessionOf(engine))
  return engine.name === 'onnx'
    ? compiledEncoder(imageEncoder!, engine.session)
    : eagerEncoder(imageEncoder!, engine.backend)
}

/** One program for batches of any size that encodes pictures by an encoder as it is now. */
function compiledEncoder(imageEncoder: ImageEncoder, session: ThreadOptions): PictureEncoder {
  const program = compile((image: ImageInputs) => ({ ...imageEncoder.apply(image) }), {
    ...session,
    dynamic: { axes: { pixels: ['batch', null, null, null], present: ['batch'] } },
  })
  return {
    async encode(image) {
      if ('states' in image) return image
      const { states, summary, mask } = await program.run(image as unknown as ImageInputs)
      return { states, summary, mask } as unknown as Record<keyof EncodingArrays, HostArray<Float32Array>>
    },
    dispose: program.dispose,
  }
}

function eagerEncoder(imageEncoder: ImageEncoder, backend: string): PictureEncoder {
  const apply = (image: PictureArrays) => {
    // Another model of this process may have made its own backend the active one.
    if (tf.getBackend() !== backend) tf.setBackend(backend)
    return tf.tidy(() => ({ ...imageEncoder.apply(asTensors(image) as ImageInputs) }))
  }
  const read = async (tensor: tf.Tensor): Promise<HostArray<Float32Array>> => ({
    data: (await tensor.data<'float32'>()).slice(),
    shape: [...tensor.shape],
  })
  return {
    async encode(image) {
      if ('states' in image) return image
      const encoding = apply(image)
      try {
        const [states, summary, mask] = await Promise.all(
          [encoding.states, encoding.summary, encoding.mask].map(read),
        )
        return { states: states!, summary: summary!, mask: mask! }
      } finally {
        tf.dispose(encoding)
      }
    },
    dispose: async () => {},
  }
}
