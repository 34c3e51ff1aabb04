import { useBackend } from '@mafjs/compile/engine'
import { createConcatFusion, createGatedFusion } from '@mafjs/fuse'
import { type CrossAttentionOptions, createCrossAttention, createPooledInteraction } from '@mafjs/interact'
import { assignParameters } from '@mafjs/tensor'
import { checkConformance, encodingInput, tensorInput } from '@mafjs/tensor/testing'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import { referenceConfig } from '../../src/model/presets'
import { distance, inputsOf, numbers, POSTS, tinyMaf, tinyReference, tinyText } from './tiny'

beforeAll(() => useBackend('cpu'))

it('the interaction without attention conforms', async () => {
  const findings = await checkConformance({
    create: createPooledInteraction,
    config: { hidden: 6, imageSize: 5, maskQueries: true, layerNormEpsilon: 1e-12, seed: 3 },
    dimensions: { batch: 4, tokens: 3, regions: 4, channels: 5, hidden: 6 },
    inputs: { text: encodingInput('tokens', 'hidden'), image: encodingInput('regions', 'channels') },
    outputs: { states: ['batch', 'tokens', 'hidden'], regions: ['batch', 'regions', 'hidden'] },
  })
  expect(findings).toEqual([])
})

it('the fusion without a gate conforms', async () => {
  const findings = await checkConformance({
    create: createConcatFusion,
    config: { hidden: 5 },
    dimensions: { batch: 4, tokens: 3, hidden: 5 },
    inputs: { text: encodingInput('tokens', 'hidden'), states: tensorInput(['batch', 'tokens', 'hidden']) },
    outputs: {
      states: ['batch', 'tokens', 10],
      gate: { shape: ['batch', 'tokens', 'hidden'], differentiable: false },
    },
  })
  expect(findings).toEqual([])
})

const encoding = (states: number[][][], mask: number[][]) => ({
  states: tf.tensor3d(states),
  summary: tf.zeros<tf.Rank.R2>([states.length, states[0]![0]!.length]),
  mask: tf.tensor2d(mask),
})

it('every token is given the mean of the real regions, projected and normalised, worked by hand', () => {
  const module = createPooledInteraction({ hidden: 2, imageSize: 2 })
  assignParameters(module.parameters(), {
    'projection.weight': tf.tensor([1, 0, 0, 2], [2, 2]),
    'projection.bias': tf.tensor([0, 1], [2]),
    'LayerNorm.weight': tf.tensor([3, 5], [2]),
    'LayerNorm.bias': tf.tensor([0.5, 0], [2]),
  })
  const picture = [
    [1, 4],
    [3, 0],
    [9, 9],
  ]
  const { states } = module.apply({
    text: encoding(
      [
        [
          [7, 7],
          [8, 8],
        ],
        [
          [7, 7],
          [8, 8],
        ],
      ],
      [
        [1, 1],
        [1, 0],
      ],
    ),
    image: encoding(
      [picture, picture],
      [
        [1, 1, 0],
        [0, 0, 0],
      ],
    ),
  })
  // The mean [2, 2] becomes [2, 5], which is normal at [-1, 1].
  const token = [-3 + 0.5, 5]
  expect(distance(numbers(states), [...token, ...token, 0, 0, 0, 0])).toBeLessThan(1e-5)
  module.dispose()
})

it('fusion without a gate is that with every gate open', () => {
  const text = encoding([[[1, 2]]], [[1]])
  const states = tf.tensor3d([[[3, -4]]])
  const gated = createGatedFusion({ hidden: 2 })
  const zeros = tf.tensor([0, 0, 0, 0], [2, 2])
  assignParameters(gated.parameters(), {
    'text.weight': zeros,
    'image.weight': zeros,
    'text.bias': tf.tensor([40, 40], [2]),
    'image.bias': tf.tensor([0, 0], [2]),
  })
  const expected = gated.apply({ text, states })
  const concat = createConcatFusion({ hidden: 2 }).apply({ text, states })
  expect(numbers(concat.states)).toEqual(numbers(expected.states))
  expect(numbers(concat.gate)).toEqual(numbers(expected.gate))
  gated.dispose()
})

describe('each ablation changes one thing', () => {
  const maf = tinyMaf()
  const changes = (config: MafConfig): Partial<Record<string, unknown>> =>
    Object.fromEntries(
      Object.entries({
        ...Object.fromEntries(Object.keys(maf).map(name => [name, undefined])),
        ...config,
      }).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(maf[name as keyof MafConfig])),
    )
  it.each<[string, MafConfig, object]>([
    ['alignment', tinyMaf({ without: ['alignment'] }), { alignment: undefined }],
    ['matching', tinyMaf({ without: ['matching'] }), { matching: undefined }],
    [
      'interaction',
      tinyMaf({ without: ['interaction'] }),
      { interaction: { ...maf.interaction, kind: 'pooled' } },
    ],
    ['gate', tinyMaf({ without: ['gate'] }), { fusion: { ...maf.fusion, kind: 'concat' } }],
    ['residual', tinyMaf({ residual: 'query' }), { interaction: { ...maf.interaction, residual: 'query' } }],
    [
      'tagExchanged',
      tinyMaf({ tagExchanged: true }),
      { matching: { ...maf.matching, exchangedStatesInTagging: true } },
    ],
    [
      'steps',
      tinyMaf({ steps: 'pieces' }),
      { labels: [...maf.labels, 'X', '[CLS]', '[SEP]'], steps: 'pieces', constraints: 'none' },
    ],
  ])('%s', (_, config, expected) => {
    expect(changes(config)).toEqual(expected)
    expect(JSON.parse(JSON.stringify(config))).toEqual(config)
  })

  it('the reference preset knows them too, and a text-only model has nothing to leave out', () => {
    const { textEncoder } = tinyReference()
    const bert = { ...textEncoder, heads: 2, intermediate: 12 }
    const without = ['interaction', 'gate'] as const
    expect(referenceConfig({ textEncoder: bert, imageSize: 6, without })).toMatchObject({
      interaction: { kind: 'pooled' },
      fusion: { kind: 'concat' },
    })
    expect(tinyText({ without })).not.toHaveProperty('interaction')
  })
})

it('unknown kinds are refused by name', () => {
  const { interaction, fusion, ...rest } = tinyMaf()
  const build = (change: object) => () => buildMaf({ ...rest, interaction, fusion, ...change } as MafConfig)
  expect(build({ interaction: { ...interaction, kind: 'sum' } })).toThrow(
    "config.interaction.kind must be 'attention', 'pooled' or 'own'. Received: sum.",
  )
  expect(build({ fusion: { ...fusion, kind: 'sum' } })).toThrow(
    "config.fusion.kind must be 'gated', 'concat' or 'own'",
  )
})

it('what is exchanged in training reaches the tagging only where it is to', async () => {
  const exchanges = { partners: Int32Array.of(1, 0, 2, 3), labels: Float32Array.of(0, 0, 1, 1) }
  const emissions = async (tagExchanged: boolean, withExchanges: boolean): Promise<number[]> => {
    const model = buildMaf(tinyMaf({ tagExchanged }))
    const inputs = await inputsOf(model.config, POSTS)
    const outputs = model.apply({ ...inputs, ...(withExchanges && { exchanges }) })
    const values = numbers(outputs.emissions)
    model.dispose()
    return values
  }
  expect(await emissions(false, true)).toEqual(await emissions(false, false))
  expect(await emissions(true, false)).toEqual(await emissions(false, false))
  expect(distance(await emissions(true, true), await emissions(false, true))).toBeGreaterThan(1e-4)
})

it('without interaction the picture still tells, and without a picture nothing does', async () => {
  const config = tinyMaf({ without: ['interaction', 'gate'] })
  const model = buildMaf(config)
  expect(Object.keys(model.parameters()).filter(name => /^(interaction|fusion)\./.test(name))).toEqual([
    'interaction.projection.weight',
    'interaction.projection.bias',
    'interaction.LayerNorm.weight',
    'interaction.LayerNorm.bias',
  ])
  const attention = createCrossAttention(config.interaction as CrossAttentionOptions)
  expect(Object.keys(attention.parameters()).length).toBeGreaterThan(4)
  attention.dispose()
  const { image, ...text } = await inputsOf(config)
  const withPictures = numbers(model.apply({ ...text, image }).emissions)
  const without = numbers(model.apply(text).emissions)
  const perPost = withPictures.length / POSTS.length
  const moved = POSTS.map((_, row) =>
    distance(
      withPictures.slice(row * perPost, (row + 1) * perPost),
      without.slice(row * perPost, (row + 1) * perPost),
    ),
  )
  expect(moved.map(by => by > 1e-4)).toEqual([true, true, false, true])
  model.dispose()
})
