import { createGatedFusion, gatedFusion, gatedFusionPresets } from '@mafjs/fuse'
import { assignParameters } from '@mafjs/tensor'
import { checkConformance, encodingInput, readGolden, tensorInput } from '@mafjs/tensor/testing'
import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'

const folder = new URL('../../ner-maf/test/fixtures/golden/modelL/', import.meta.url)

await tf.setBackend('cpu')

it.each(Object.entries(gatedFusionPresets))('conforms, preset %s', async (_name, preset) => {
  const findings = await checkConformance({
    create: createGatedFusion,
    config: { hidden: 5, seed: 3, ...preset },
    dimensions: { batch: 4, tokens: 3, hidden: 5 },
    inputs: { text: encodingInput('tokens', 'hidden'), states: tensorInput(['batch', 'tokens', 'hidden']) },
    outputs: { states: ['batch', 'tokens', 10], gate: ['batch', 'tokens', 'hidden'] },
  })
  expect(findings).toEqual([])
})

describe('gatedFusion', () => {
  const formula = {
    text: tf.tensor3d([[[1, 2]]]),
    states: tf.tensor3d([[[3, -4]]]),
    textWeight: tf.tensor2d([
      [1, 0],
      [2, 1],
    ]),
    textBias: tf.tensor1d([0.5, 0]),
    imageWeight: tf.tensor2d([
      [0, 0.25],
      [-1, 0],
    ]),
    imageBias: tf.tensor1d([0, -1]),
  }

  it('is worked out by hand', () => {
    const { states, gate } = gatedFusion(formula)
    // W_t T + b_t = [1.5, 4]; W_c C + b_c = [-1, -4]
    const gates = [1 / (1 + Math.exp(-0.5)), 0.5]
    for (const [index, expected] of gates.entries()) expect(gate.dataSync()[index]).toBeCloseTo(expected, 6)
    const fused = [1, 2, 3 * gates[0]!, -4 * gates[1]!]
    for (const [index, expected] of fused.entries()) expect(states.dataSync()[index]).toBeCloseTo(expected, 6)
  })

  it('adds nothing where the image states are zero', () => {
    const { states } = gatedFusion({ ...formula, states: tf.zeros([1, 1, 2]) })
    expect([...states.dataSync()]).toEqual([1, 2, 0, 0])
  })

  it('says what is wrong', () => {
    expect(() => gatedFusion({ ...formula, states: tf.zeros([1, 3, 2]) })).toThrow(
      'states must have shape [batch=1, tokens=1, hidden=2]. Received: [1, 3, 2].',
    )
    expect(() => gatedFusion({ ...formula, imageBias: tf.zeros([1]) })).toThrow(
      'imageBias must have shape [hidden=2]. Received: [1].',
    )
    expect(() => createGatedFusion({ hidden: 2.5 })).toThrow(
      'hidden must be a positive whole number. Received: 2.5.',
    )
  })
})

// The whole model is compared by tools/test/golden.test.ts; this is the module alone.
describe('the published code', () => {
  it('has the same gate and the same fused states', () => {
    const golden = readGolden(file => readFileSync(new URL(file, folder)))
    const states = golden.tensor('train/bert.sequence_output') as tf.Tensor3D
    const [batch, , hidden] = states.shape
    const module = createGatedFusion({ hidden })
    assignParameters(module.parameters(), golden.weights({ 'Gate_text.': 'text.', 'Gate_image.': 'image.' }))
    const filter = tf.reshape(golden.tensor('train/match.P'), [-1, 1, 1])
    const outputs = module.apply({
      text: { states, summary: tf.zeros([batch, hidden]), mask: golden.tensor('input_mask') as tf.Tensor2D },
      states: tf.mul(golden.tensor('train/cross_output_used'), filter) as tf.Tensor3D,
    })
    expect(golden.share('train/gate', outputs.gate)).toBeLessThanOrEqual(1)
    expect(golden.share('train/fused', outputs.states)).toBeLessThanOrEqual(1)
  })
})
