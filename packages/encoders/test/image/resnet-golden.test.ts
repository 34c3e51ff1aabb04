import { existsSync, readFileSync } from 'node:fs'
import { readSafetensors, toFloat32 } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, test } from 'vitest'
import { createResNetEncoder } from '../../src/image/resnet-encoder'
import { resNetStages } from '../../src/image/resnet-stages'
import { resNetPicture, resNetWeight } from '../resnet-formula'

interface GoldenCase {
  name: string
  block: 'Bottleneck' | 'BasicBlock'
  layers: [number, number, number, number]
  input: [number, number, number, number]
  f32_vs_f64_max_abs_diff_and_max_abs: Record<'pooled' | 'att', [number, number]>
  manifest: [string, number[], number, number, number][]
}

// torchvision's own output; the deeper cases are too slow here and run with `npm run golden`.
const names = ['bottleneck1111', 'bottleneck1111_256x288', 'resnet18']
const folder = new URL('../../../../../shared/golden/resnet/', import.meta.url)
const isThere = existsSync(folder)
if (!isThere)
  console.warn(`SKIPPED: ResNet against torchvision (${names}), for want of ../shared/golden/resnet`)

describe.skipIf(!isThere)('ResNet', () => {
  let cases: GoldenCase[]
  let globalSeed: number
  let read: (name: string) => { values: Float32Array; shape: number[] } | undefined
  beforeAll(async () => {
    await tf.setBackend('wasm')
    expect(tf.getBackend()).toBe('wasm')
    const golden = JSON.parse(readFileSync(new URL('resnet.json', folder), 'utf8'))
    cases = golden.cases
    globalSeed = golden.global_seed
    const { tensors } = readSafetensors(new Uint8Array(readFileSync(new URL('resnet.safetensors', folder))))
    read = name => tensors[name] && { values: toFloat32(tensors[name]), shape: tensors[name].shape }
  })

  test.each(names)('%s is equal to torchvision', name => {
    const golden = cases.find(entry => entry.name === name)!
    const bottleneck = golden.block === 'Bottleneck'
    const encoder = createResNetEncoder(
      { kind: 'resnet', block: bottleneck ? 'bottleneck' : 'basic', layers: golden.layers },
      { initialise: false },
    )
    for (const [key, shape, , first, last] of golden.manifest) {
      const values = resNetWeight(key, shape, { globalSeed, bottleneck })
      expect([values[0], values.at(-1)], key).toEqual([first, last])
      const parameter = encoder.parameters()[key]
      if (key.startsWith('fc.')) continue
      expect(parameter?.shape, key).toEqual(shape)
      parameter!.assign(tf.tensor(values, shape))
    }
    const picture = tf.tensor4d(resNetPicture(golden.input, globalSeed), golden.input)
    const pixels = tf.transpose(picture, [0, 2, 3, 1])
    const { states, summary } = encoder.apply({ pixels, present: tf.ones([golden.input[0]]) })
    const stages = resNetStages(pixels, encoder.parameters(), encoder.config)
    const regions = tf.reshape(tf.transpose(states, [0, 2, 1]), [golden.input[0], -1, 7, 7])
    const received: Record<string, tf.Tensor> = {
      pooled: summary,
      [read(`${name}/att`) ? 'att' : 'att_first64ch']: regions,
      ...Object.fromEntries(
        Object.entries(stages).map(([stage, map]) => [
          `${stage}_slice`,
          tf.slice(tf.transpose(map as tf.Tensor4D, [0, 3, 1, 2]), [0, 0, 0, 0], [-1, 2, 7, 7]),
        ]),
      ),
    }
    for (const [key, tensor] of Object.entries(received)) {
      const expected = read(`${name}/${key}`)!
      const part = tf
        .slice(
          tensor,
          tensor.shape.map(() => 0),
          expected.shape,
        )
        .dataSync()
      const deviation = expected.values.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - part[i]!)),
        0,
      )
      const largest = expected.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      const recorded = golden.f32_vs_f64_max_abs_diff_and_max_abs[key === 'pooled' ? 'pooled' : 'att'][0]
      expect(deviation, key).toBeLessThanOrEqual(Math.max(5e-6 * Math.max(1, largest), 4 * recorded))
    }
    encoder.dispose()
  })
})
