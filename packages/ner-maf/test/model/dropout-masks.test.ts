import { useBackend } from '@mafjs/compile/engine'
import { type DropoutMaskRequest, dropoutMask } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { buildMaf } from '../../src/model/build-maf'
import type { MafOutputs } from '../../src/model/maf'
import { inputsOf, numbers, tinyMaf, tinyReference } from './tiny'

beforeAll(() => useBackend('cpu'))

/** All that the model computes, as numbers. */
const all = (outputs: MafOutputs): Record<string, number[]> => ({
  emissions: numbers(outputs.emissions),
  ...Object.fromEntries(Object.entries(outputs.losses!).map(([part, loss]) => [part, numbers(loss)])),
})

/** The sites of a transformer layer that runs `times`. */
const layer = (prefix: string, times: number): string[] =>
  ['attention.output', 'attention.self', 'output'].flatMap(site => Array(times).fill(`${prefix}.${site}`))

const EXCHANGES = { partners: Int32Array.of(3, 1, 2, 0), labels: Float32Array.of(0, 1, 1, 0) }

it.each([
  // It sends the exchanged pictures through the interaction a second time.
  ['the default preset', tinyMaf, 2],
  ['the reference preset', tinyReference, 1],
])('every dropout of %s asks for its mask', async (_, config, interactions) => {
  const model = buildMaf(config({ dropout: 0.3 }))
  const inputs = { ...(await inputsOf(model.config)), exchanges: EXCHANGES }
  const options = { training: true, seed: 5, step: 6 }
  const requests: DropoutMaskRequest[] = []
  const asked = (draw: (request: DropoutMaskRequest) => tf.Tensor): Record<string, number[]> =>
    all(
      model.apply(inputs, {
        ...options,
        dropoutMask: request => {
          requests.push(request)
          return draw(request)
        },
      }),
    )
  const size = (shape: readonly number[]): number => shape.reduce((product, axis) => product * axis, 1)

  // With masks of ones nothing is left that the seed or the mode could change: a dropout that drew for itself would.
  const kept = asked(({ shape }) => tf.ones([...shape]))
  expect(kept).toEqual(all(model.apply(inputs)))
  expect(requests.map(({ site }) => site).sort()).toEqual([
    'classifier',
    'embeddings',
    ...layer('encoder.layer.0', 1),
    ...layer('layer.0', interactions),
  ])
  expect(requests.every(({ rate, seed, step }) => rate === 0.3 && seed === 5 && step === 6)).toBe(true)

  // And the masks asked for are all there is to it: drawn the plain way they give what the model gives by itself.
  const drawn = asked(({ shape, rate, ...key }) => tf.tensor(dropoutMask(size(shape), rate, key), [...shape]))
  expect(drawn).toEqual(all(model.apply(inputs, options)))
  expect(drawn).not.toEqual(kept)
  model.dispose()
})
