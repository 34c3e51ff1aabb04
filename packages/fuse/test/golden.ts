import { existsSync, readFileSync } from 'node:fs'
import { readSafetensors, type StoredTensor, toFloat32 } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'

/** One folder of numbers that the published code computed; see FORMAT.md beside the fixtures. */
export interface Golden {
  json: {
    config: Record<string, number>
    losses: Record<string, number>
    hyper: Record<string, number>
    extra_losses: ExtraLosses[]
  }
  tensor(name: string): tf.Tensor
  /** The image's regions, `[batch, 49, 2048]`. */
  regions(): tf.Tensor3D
  /** Weights under `from`, renamed to start with `to`. */
  weights(renames: Record<string, string>): Record<string, tf.Tensor>
  /** The largest deviation from an expected tensor as a share of what is allowed. */
  share(name: string, received: tf.Tensor): number
}

interface ExtraLosses {
  hyper: Record<string, number | null>
  losses: Record<string, number>
  match_labels: number[]
}

const committed = new URL('../../ner-maf/test/fixtures/golden/modelL/', import.meta.url)
const shared = new URL('../../../../shared/golden/maf/model128/', import.meta.url)

/** The committed folder, and the larger one where the project's shared data is present. */
export function goldenFolders(): [string, URL][] {
  if (existsSync(shared))
    return [
      ['modelL', committed],
      ['model128', shared],
    ]
  console.warn('SKIPPED: golden/maf/model128, ../shared is not here')
  return [['modelL', committed]]
}

export function openGolden(folder: URL): Golden {
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)))
  const json = JSON.parse(readFileSync(new URL('expected.json', folder), 'utf8'))
  const files = ['expected', 'inputs', 'weights'].map(
    name => readSafetensors(read(`${name}.safetensors`)).tensors,
  )
  const stored: Record<string, StoredTensor> = Object.assign({}, ...files)
  const tensor = (name: string): tf.Tensor => {
    const found = stored[name]
    if (!found) throw new Error(`no tensor ${name} in ${folder}`)
    return tf.tensor(toFloat32(found), found.shape)
  }
  return {
    json,
    tensor,
    regions: () => {
      const map = tf.div(tensor('img_att_u8'), 64)
      const [batch, channels, height, width] = map.shape as [number, number, number, number]
      return tf.transpose(tf.reshape(map, [batch, channels, height * width]), [0, 2, 1])
    },
    weights: renames =>
      Object.fromEntries(
        Object.keys(stored).flatMap(name => {
          const from = Object.keys(renames).find(prefix => name.startsWith(prefix))
          return from === undefined ? [] : [[renames[from] + name.slice(from.length), tensor(name)]]
        }),
      ),
    share: (name, received) => {
      const [deviation] = json.f32_vs_f64_max_abs_diff_and_max_abs[name] as [number, number]
      const expected = tensor(name)
      tf.util.assertShapesMatch(expected.shape, received.shape, name)
      const largest = tf.max(tf.abs(expected)).dataSync()[0]!
      const off = tf.max(tf.abs(tf.sub(expected, received))).dataSync()[0]!
      return off / Math.max(5e-6 * Math.max(1, largest), 4 * deviation)
    },
  }
}
