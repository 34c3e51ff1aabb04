import { type Encoding, withoutPadding } from '@mafjs/tensor'
import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'

/** What stands for a batch of recordings. */
export interface SoundInputs {
  /** `[batch, frames, bands]` */
  frames: Tensor3D
  /** `[batch, frames]`, float32: 1 = frame, 0 = padding; a row of zeros = no sound. */
  mask: Tensor2D
}

/**
 * Recordings as an `Encoding`, which is all that a new modality needs: its frames are the positions, and the summary is
 * the loudest that each band became. An encoder that learns would stand here too.
 */
export function encodeSound({ frames, mask }: SoundInputs): Encoding {
  return tf.tidy(() => {
    // Below every frame, so that padding is never the loudest.
    const padding = tf.mul(tf.sub(tf.expandDims(mask, 2), 1), 1e3)
    const loudest = tf.max(tf.add(withoutPadding(frames, mask), padding), 1) as Tensor2D
    return {
      states: tf.clone(frames),
      summary: withoutPadding(loudest, tf.max(mask, 1) as tf.Tensor1D),
      mask: tf.clone(mask),
    }
  })
}
