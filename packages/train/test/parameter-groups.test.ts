import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { completeSettings, type ParameterGroupSettings } from '../src'
import { parameterGroups } from '../src/settings/parameter-groups'

const NAMES = [
  'text_encoder.embeddings.word_embeddings.weight',
  'text_encoder.encoder.layer.0.output.dense.weight',
  'text_encoder.encoder.layer.1.output.dense.weight',
  'text_encoder.pooler.dense.weight',
  'image_encoder.layer1.0.conv1.weight',
  'fusion.gate.weight',
  'classifier.bias',
  'crf.transitions',
]
/** Layers of a made-up model: none above the embeddings' three. */
const depth = (name: string): number => [3, 2, 1][NAMES.indexOf(name)] ?? 0

const aliases = {
  encoders: (name: string) => name.includes('_encoder.'),
  heads: (name: string) => !name.includes('_encoder.') && !name.startsWith('crf.'),
}

const parameters = Object.fromEntries(NAMES.map(name => [name, tf.variable(tf.scalar(0))]))
const model = { config: {}, parameters: () => parameters, dispose: () => {} }

const group = (groups: readonly ParameterGroupSettings[], layerDecay = 1) =>
  parameterGroups({ model, aliases, depth }, completeSettings({ learningRate: 0.1, layerDecay, groups }))

describe('parameters are sorted', () => {
  it('by layers: once less for each from the top of the text encoder down', () => {
    const { groups, frozen } = group([], 0.5)
    expect(frozen).toEqual([])
    expect(groups).toEqual([
      { parameters: [NAMES[0]], learningRate: 0.1 * 0.5 ** 3 },
      { parameters: [NAMES[1]], learningRate: 0.1 * 0.5 ** 2 },
      { parameters: [NAMES[2]], learningRate: 0.1 * 0.5 },
    ])
  })

  it('by pattern, the first that matches; layers decay within a group too', () => {
    const { groups, frozen } = group(
      [
        { parameters: 'crf', learningRate: 1 },
        { parameters: 'text_encoder.embeddings', frozen: true },
        { parameters: 'heads', weightDecay: 0.3 },
        { parameters: '*layer.1', learningRate: 0.2, weightDecay: 0 },
        { parameters: 'encoders', learningRate: 0.02 },
      ],
      0.5,
    )
    expect(frozen).toEqual([NAMES[0]])
    expect(groups).toEqual([
      { parameters: [NAMES[1]], learningRate: 0.02 * 0.25 },
      { parameters: [NAMES[2]], learningRate: 0.2 * 0.5, weightDecay: 0 },
      { parameters: [NAMES[3], NAMES[4]], learningRate: 0.02 },
      { parameters: [NAMES[5], NAMES[6]], weightDecay: 0.3 },
      { parameters: [NAMES[7]], learningRate: 1 },
    ])
  })

  it.each([
    [
      [{ parameters: 'cr', frozen: true }],
      'groups[0].parameters must match a parameter that no group before',
    ],
    [
      [
        { parameters: 'crf', frozen: true },
        { parameters: 'crf.transitions', learningRate: 1 },
      ],
      'groups[1]',
    ],
  ])('and a pattern that does nothing is refused: %j', (groups, message) => {
    expect(() => group(groups)).toThrow(message)
  })

  it('and a decay where there are no layers', () => {
    const settings = completeSettings({ layerDecay: 0.5 })
    expect(() => parameterGroups({ model }, settings)).toThrow(
      'layerDecay must be 1 for a task without layers',
    )
  })
})
