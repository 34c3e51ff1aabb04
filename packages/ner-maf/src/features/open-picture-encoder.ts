import type { ImageEncoder, ImageInputs } from '@mafjs/encoders'
import * as tf from '@tensorflow/tfjs-core'
import { type Engine, sessionOf } from '../engine/use-engine'
import type { HostArray, PictureArrays } from '../model/batch-arrays'
import { asTensors } from '../model/batch-tensors'
import type { MafParts } from '../model/maf'
import type { PictureEncoder } from '../onnx-image/onnx-image'
import { compilePictures } from '../train/frozen-pictures'

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
    ? compilePictures(imageEncoder!, engine.session)
    : eagerEncoder(imageEncoder!, engine.backend)
}

function eagerEncoder(imageEncoder: ImageEncoder, backend: string): PictureEncoder {
  const apply = (image: PictureArrays) => {
    // Another model of this process may have made its own backend the active one.
    if (tf.getBackend() !== backend) tf.setBackend(backend)
    return tf.tidy(() => ({ ...imageEncoder.apply(asTensors(image) as ImageInputs) }))
  }
  const read = async (tensor: tf.Tensor): Promise<HostArray> => ({
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
