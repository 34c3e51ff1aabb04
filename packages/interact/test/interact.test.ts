import {
  type CrossAttentionOptions,
  createCrossAttention,
  crossAttention,
  crossAttentionPresets,
} from '@mafjs/interact'
import { assignParameters, type Encoding } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import { checkConformance, encodingInput, readGolden } from '@mafjs/tensor/testing'
import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'

const folder = new URL('../../ner-maf/test/fixtures/golden/modelL/', import.meta.url)

await tf.setBackend('cpu')
registerGradients()

const sizes = { hidden: 6, imageSize: 5, heads: 2, intermediate: 8 }

const encoding = (states: tf.Tensor3D, mask?: tf.Tensor2D): Encoding => ({
  states,
  summary: tf.zeros([states.shape[0], states.shape[2]]),
  mask: mask ?? tf.ones([states.shape[0], states.shape[1]]),
})

describe.each(Object.entries(crossAttentionPresets))('preset %s', (name, preset) => {
  it('conforms', async () => {
    const layers = name === 'default' ? 2 : 1
    const bias = (layer: number): string => `layer.${layer}.attention.self.key.bias`
    const reason = 'adds the same to every score of a query, which the softmax does not see'
    const findings = await checkConformance({
      create: createCrossAttention,
      config: { ...sizes, ...preset, layers, hiddenDropout: 0.2, attentionDropout: 0.3, seed: 5 },
      dimensions: { batch: 4, tokens: 3, regions: 7, hidden: 6, imageSize: 5 },
      inputs: { text: encodingInput('tokens', 'hidden'), image: encodingInput('regions', 'imageSize') },
      outputs: { states: ['batch', 'tokens', 'hidden'], regions: ['batch', 'regions', 'hidden'] },
      random: 'positions',
      zeroGradients: Object.fromEntries(Array.from({ length: layers }, (_, layer) => [bias(layer), reason])),
    })
    expect(findings).toEqual([])
  })

  it('gives exact zeros and no gradient for an absent picture', () => {
    const text = encoding(tf.randomNormal([2, 3, 6], 0, 1, 'float32', 1))
    const states = tf.randomNormal<tf.Rank.R3>([2, 4, 5], 0, 1, 'float32', 2)
    const mask = tf.tensor2d([
      [1, 1, 1, 0],
      [0, 0, 0, 0],
    ])
    const module = createCrossAttention({ ...sizes, ...preset })
    const run = (regions: tf.Tensor3D): number[] => {
      const gradient = tf.grad(x => {
        const result = module.apply({ text, image: encoding(x as tf.Tensor3D, mask) }).states
        expect([...result.dataSync()].slice(18).every(value => value === 0)).toBe(true)
        expect([...result.dataSync()].slice(0, 18).every(value => value !== 0)).toBe(true)
        return tf.sum(tf.square(result))
      })(regions)
      return [...gradient.dataSync()]
    }
    const values = run(states)
    expect(values.every(Number.isFinite)).toBe(true)
    // The absent picture's regions, and the first one's padded region.
    expect(values.slice(15).every(value => value === 0)).toBe(true)
    expect(values.slice(0, 15).some(value => value !== 0)).toBe(true)
    // Nothing that stands where there is no region acts, neither large enough to beat the mask nor NaN.
    for (const garbage of [1e9, Number.NaN]) {
      const isReal = tf.greater(tf.expandDims(mask, 2), 0)
      expect(run(tf.where(isReal, states, garbage))).toEqual(values)
    }
  })
})

it('gives zeros for padded tokens, and by the reference preset what any token has', () => {
  const real = tf.tensor2d([[1, 1, 0]])
  const text = encoding(tf.randomNormal([1, 3, 6], 0, 1, 'float32', 6), real)
  const image = encoding(tf.randomNormal([1, 2, 5], 0, 1, 'float32', 7))
  const isZero = (preset: Partial<CrossAttentionOptions>): boolean[] => {
    const { states } = createCrossAttention({ ...sizes, ...preset }).apply({ text, image })
    return states.arraySync()[0]!.map(token => token.every(value => value === 0))
  }
  expect(isZero(crossAttentionPresets.default)).toEqual([false, false, true])
  expect(isZero(crossAttentionPresets.reference)).toEqual([false, false, false])
})

describe('attention', () => {
  const module = createCrossAttention({ ...sizes, layers: 1, seed: 4 })
  const mask = tf.tensor2d([
    [1, 1, 1, 0],
    [0, 0, 0, 0],
  ])
  const text = encoding(tf.randomNormal([2, 3, 6], 0, 1, 'float32', 8))
  const image = encoding(tf.randomNormal([2, 4, 5], 0, 2, 'float32', 9), mask)

  it('is what a direct computation gives, and exact zeros where there is no picture', () => {
    const numbers = (name: string) => module.parameters()[name]!.dataSync()
    const linear = (x: readonly number[], name: string): number[] => {
      const [weight, bias] = [numbers(`${name}.weight`), numbers(`${name}.bias`)]
      return Array.from(bias, (start, out) =>
        x.reduce((sum, value, i) => sum + value * weight[out * x.length + i]!, start),
      )
    }
    const at = (x: tf.Tensor, row: number) => (x.arraySync() as number[][][])[row]!
    const self = 'layer.0.attention.self'
    const queries = at(text.states, 0).map(token => linear(token, `${self}.query`))
    const keys = at(image.states, 0).map(one => linear(linear(one, 'projection'), `${self}.key`))
    const { attention } = module.apply({ text, image }, { attention: true })
    const given = attention!.arraySync()
    for (const [head, from] of [0, 3].entries()) {
      for (const [token, query] of queries.entries()) {
        const scores = keys.map(
          key => [0, 1, 2].reduce((sum, i) => sum + query[from + i]! * key[from + i]!, 0) / Math.sqrt(3),
        )
        const powers = scores.map((score, region) => (region < 3 ? Math.exp(score) : 0))
        const total = powers.reduce((sum, power) => sum + power, 0)
        for (const [region, power] of powers.entries()) {
          expect(given[0]![head]![token]![region]).toBeCloseTo(power / total, 5)
        }
        expect(given[1]![head]![token]).toEqual([0, 0, 0, 0])
      }
    }
  })

  it('changes nothing of the rest, and is not kept where nobody asks for it', () => {
    const { attention: _, ...asked } = module.apply({ text, image }, { attention: true })
    const before = tf.memory().numTensors
    const plain = module.apply({ text, image })
    expect(tf.memory().numTensors).toBe(before + 2)
    expect(plain.states.arraySync()).toEqual(asked.states.arraySync())
    expect(Object.keys(plain)).toEqual(['states', 'regions'])
  })

  it('is that of the last layer', () => {
    const two = createCrossAttention({ ...sizes, layers: 2, seed: 4 })
    const first = module.apply({ text, image }, { attention: true }).attention!.arraySync()
    const last = two.apply({ text, image }, { attention: true }).attention!
    expect(last.shape).toEqual([2, 2, 3, 4])
    expect(last.arraySync()).not.toEqual(first)
  })
})

describe('the residual', () => {
  /** How much C changes when the text does, while there is only one region to attend to. */
  const influence = (residual: 'query' | 'none'): number => {
    const module = createCrossAttention({ ...sizes, residual })
    const image = encoding(tf.randomNormal([1, 1, 5], 0, 1, 'float32', 3))
    const [one, other] = [4, 5].map(seed => {
      const text = encoding(tf.randomNormal([1, 3, 6], 0, 1, 'float32', seed))
      return module.apply({ text, image }).states
    })
    return tf.max(tf.abs(tf.sub(one!, other!))).dataSync()[0]!
  }

  it('lets the sentence through, and without it only the attention weights do', () => {
    expect(influence('query')).toBeGreaterThan(0.1)
    expect(influence('none')).toBe(0)
  })
})

describe('crossAttention', () => {
  it('is worked out by hand: a query between two regions', () => {
    const text = tf.tensor3d([[[Math.SQRT2, 0]]])
    const regions = tf.tensor3d([
      [
        [1, 0],
        [0, 3],
        [9, 9],
      ],
    ])
    const context = crossAttention({ text, regions, mask: tf.tensor2d([[1, 1, 0]]) }, { heads: 1 })
    // Scores sqrt(2) * 1 / sqrt(2) = 1 and 0; the third region is padding.
    const first = Math.E / (Math.E + 1)
    expect(context.dataSync()[0]).toBeCloseTo(first, 6)
    expect(context.dataSync()[1]).toBeCloseTo(3 * (1 - first), 6)
  })

  it('leaves nothing behind but its result, and has no trace of padding', () => {
    const text = tf.randomNormal<tf.Rank.R3>([1, 2, 4], 0, 1, 'float32', 6)
    const mask = tf.tensor2d([[1, 1, 0]])
    const [clean, spoilt] = [0, Number.NaN].map(padding => {
      const real = tf.randomNormal<tf.Rank.R3>([1, 2, 4], 0, 1, 'float32', 7)
      const regions = tf.concat([real, tf.fill<tf.Rank.R3>([1, 1, 4], padding)], 1)
      const before = tf.memory().numTensors
      const context = crossAttention({ text, regions, mask }, { heads: 2 })
      expect(tf.memory().numTensors).toBe(before + 1)
      return context.arraySync()
    })
    expect(spoilt).toEqual(clean)
  })

  it('says what is wrong', () => {
    const text = tf.zeros<tf.Rank.R3>([1, 2, 4])
    const mask = tf.ones<tf.Rank.R2>([1, 4])
    expect(() => crossAttention({ text, regions: tf.zeros([1, 3, 4]), mask }, { heads: 2 })).toThrow(
      'mask must have shape [batch=1, regions=3]. Received: [1, 4].',
    )
    const regions = tf.zeros<tf.Rank.R3>([1, 4, 4])
    expect(() => crossAttention({ text, regions, mask }, { heads: 3 })).toThrow(
      'heads must divide hidden (4). Received: 3.',
    )
  })
})

describe('options', () => {
  it('defaults to its preset of that name', () => {
    const { config } = createCrossAttention(sizes)
    expect(config).toMatchObject(crossAttentionPresets.default)
    expect(createCrossAttention({ hidden: 6, imageSize: 5, heads: 2 }).config.intermediate).toBe(24)
  })

  it.each<[Partial<CrossAttentionOptions>, string]>([
    [{ heads: 4 }, 'heads must divide hidden (6). Received: 4.'],
    [{ layers: 0 }, 'layers must be a positive whole number. Received: 0.'],
    [{ residual: 'text' as 'query' }, "residual must be 'query' or 'none'. Received: text."],
    [{ attentionDropout: 1 }, 'attentionDropout must be in [0, 1). Received: 1.'],
  ])('refuses %o', (wrong, message) => {
    expect(() => createCrossAttention({ ...sizes, ...wrong })).toThrow(message)
  })
})

// The whole model is compared by tools/test/golden.test.ts; this is the module alone.
describe('the published code', () => {
  it('has the same regions and the same cross attention', () => {
    const golden = readGolden(file => readFileSync(new URL(file, folder)))
    const states = golden.tensor('train/bert.sequence_output') as tf.Tensor3D
    const [batch, tokens, hidden] = states.shape
    const weights = golden.weights({ 'vismap2text.': 'projection.', 'txt2img_attention.': '' })
    const module = createCrossAttention({
      hidden,
      imageSize: 2048,
      heads: golden.json.config['num_attention_heads']!,
      intermediate: weights['layer.0.intermediate.dense.weight']!.shape[0]!,
      ...crossAttentionPresets.reference,
    })
    expect(assignParameters(module.parameters(), weights).extra).toEqual([])
    const text = encoding(states, golden.tensor('input_mask') as tf.Tensor2D)
    const outputs = module.apply({ text, image: encoding(golden.regions()) }, { training: false })
    expect(outputs.states.shape).toEqual([batch, tokens, hidden])
    expect(golden.share('train/image_regions', outputs.regions)).toBeLessThanOrEqual(1)
    expect(golden.share('train/cross_output', outputs.states)).toBeLessThanOrEqual(1)
  })
})
