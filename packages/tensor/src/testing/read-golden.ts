import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { readSafetensors, type StoredTensor, toFloat32 } from '../safetensors/safetensors'
import { assertShape } from '../shapes'

/** The losses of one setting of the published code. */
export interface GoldenLosses {
  hyper: Record<string, number | null>
  losses: Record<string, number>
  /** Absent for the setting that the folder's tensors belong to. */
  match_labels?: number[]
}

/** What `expected.json` of a golden folder says, as far as a single module needs it. */
export interface GoldenJson extends GoldenLosses {
  config: Record<string, number>
  /** The same batch under other settings. */
  extra_losses: GoldenLosses[]
  /** By tensor: how far a float32 run of the published code is from float64, and the largest value. */
  f32_vs_f64_max_abs_diff_and_max_abs: Record<string, [deviation: number, largest: number]>
}

/** One model folder of golden numbers; the caller owns the tensors. */
export interface Golden {
  json: GoldenJson
  /** @throws Error for a name that no file of the folder holds. */
  tensor(name: string): Tensor
  /** The picture's regions as the modules read them, `[batch, 49, 2048]`. */
  regions(): Tensor3D
  /** The weights whose names start with a key of `renames`, that start replaced by its value. */
  weights(renames: Readonly<Record<string, string>>): Record<string, Tensor>
  /**
   * The largest deviation from an expected tensor as a share of what is allowed: at most 1 is parity. Allowed are four
   * times the recorded float32 deviation, and at least `5e-6 * max(1, largest value)`.
   *
   * @throws InvalidArgumentError for another shape than the expected one.
   */
  share(name: string, received: Tensor): number
}

/** Integers in the file stand for 64ths of the feature map. */
const FEATURE_SCALE = 64

/**
 * Reads a model folder of golden numbers, those that the published code computed on random weights, so that a module
 * alone can be compared with it. `npm run golden` compares the whole.
 *
 * @param read gives the bytes of a file of the folder; this package itself reads no disk.
 */
export function readGolden(read: (file: string) => Uint8Array): Golden {
  const json = JSON.parse(new TextDecoder().decode(read('expected.json'))) as GoldenJson
  const stored: Record<string, StoredTensor> = Object.assign(
    {},
    ...['expected', 'inputs', 'weights'].map(name => {
      const file = `${name}.safetensors`
      return readSafetensors(read(file), file).tensors
    }),
  )
  const tensor = (name: string): Tensor => {
    const found = stored[name]
    if (!found) throw new Error(`The golden folder holds no tensor "${name}".`)
    return tf.tensor(toFloat32(found), found.shape)
  }
  return {
    json,
    tensor,
    regions: () =>
      tf.tidy(() => {
        const map = tf.div(tensor('img_att_u8'), FEATURE_SCALE)
        const [batch, channels, height, width] = map.shape as [number, number, number, number]
        return tf.transpose(tf.reshape(map, [batch, channels, height * width]), [0, 2, 1]) as Tensor3D
      }),
    weights: renames =>
      Object.fromEntries(
        Object.keys(stored).flatMap(name => {
          const from = Object.keys(renames).find(prefix => name.startsWith(prefix))
          return from === undefined ? [] : [[renames[from]! + name.slice(from.length), tensor(name)]]
        }),
      ),
    share: (name, received) =>
      tf.tidy(() => {
        const expected = tensor(name)
        assertShape(name, received, expected.shape)
        const deviation = json.f32_vs_f64_max_abs_diff_and_max_abs[name]?.[0] ?? 0
        const largest = tf.max(tf.abs(expected)).dataSync()[0]!
        const off = tf.max(tf.abs(tf.sub(expected, received))).dataSync()[0]!
        return off / Math.max(5e-6 * Math.max(1, largest), 4 * deviation)
      }),
  }
}
