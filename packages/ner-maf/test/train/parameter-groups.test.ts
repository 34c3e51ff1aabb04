import { takeSnapshot } from '@mafjs/train'
import { beforeAll, describe, expect, it } from 'vitest'
import { PARAMETER_ALIASES, textDepth } from '../../src/task/parameter-names'
import { POSTS, tinyMaf, tinyText } from '../model/tiny'
import { compute, SETTINGS, train } from './train-tiny'

it('layers are counted from the top of the text encoder down', () => {
  const names = [
    'text_encoder.embeddings.word_embeddings.weight',
    'text_encoder.encoder.layer.0.output.dense.weight',
    'text_encoder.encoder.layer.1.output.dense.weight',
    'text_encoder.pooler.dense.weight',
    'image_encoder.layer1.0.conv1.weight',
    'crf.transitions',
    'text_encoder.embeddings.word_shape_embeddings.weight',
  ]
  const textEncoder = { ...tinyText().textEncoder, layers: 2 }
  expect(names.map(name => textDepth({ textEncoder }, name))).toEqual([3, 2, 1, 0, 0, 0, 0])
  expect(names.map(PARAMETER_ALIASES['encoders']!)).toEqual([true, true, true, true, true, false, true])
  expect(names.map(PARAMETER_ALIASES['heads']!)).toEqual(new Array(7).fill(false))
  expect(names.filter(PARAMETER_ALIASES['shapes']!)).toEqual(names.slice(-1))
  expect(PARAMETER_ALIASES['heads']!('fusion.gate.weight')).toBe(true)
})

describe.each(['cpu', 'onnx'] as const)('on %s', name => {
  beforeAll(() => compute(name))

  it('a frozen group stays, a slow one moves little, and afterwards all can be trained again', async () => {
    const groups = [
      { parameters: 'text_encoder.embeddings', frozen: true },
      { parameters: 'crf', learningRate: 1e-6, weightDecay: 0 },
    ]
    await train(tinyText(), { settings: { ...SETTINGS, epochs: 1, groups } }, async (model, result) => {
      const fresh = await train(tinyText(), { settings: { ...SETTINGS, learningRate: 1e-12 } }, other =>
        takeSnapshot(other.parameters()),
      )
      expect(result.withoutGradient).toEqual([])
      for (const [name, { values }] of Object.entries(await takeSnapshot(model.parameters()))) {
        const moved = Math.max(...values.map((value, i) => Math.abs(value - fresh[name]!.values[i]!)))
        if (name.startsWith('text_encoder.embeddings.')) expect(moved, name).toBeLessThan(1e-9)
        else if (name.startsWith('crf.')) expect(moved, name).toBeLessThan(3e-6)
        else expect(moved, name).toBeGreaterThan(1e-4)
        expect(model.parameters()[name]!.trainable, name).toBe(true)
      }
    })
  })

  it('a batch in parts is the batch: tagging alone, up to rounding', async () => {
    const run = (accumulate: number) =>
      train(tinyText(), { settings: { ...SETTINGS, batchSize: 4, accumulate } }, async (model, result) => ({
        weights: await takeSnapshot(model.parameters()),
        history: result.history,
      }))
    const [whole, parts] = [await run(1), await run(3)]
    for (const [epoch, { total }] of whole.history.entries()) {
      expect(parts.history[epoch]!.total / total).toBeCloseTo(1, 5)
    }
    const differences = Object.entries(whole.weights).flatMap(([name, { values }]) =>
      [...values].map((value, i) => Math.abs(value - parts.weights[name]!.values[i]!)),
    )
    // Adam makes a whole step even of a gradient that is nothing but rounding: a few numbers may differ by one.
    expect(differences.filter(difference => difference > 1e-5).length).toBeLessThan(differences.length / 50)
    expect(Math.max(...differences)).toBeGreaterThan(0)
  })

  it('parts of a batch with pictures exchange among themselves, each with draws of its own', async () => {
    await train(
      tinyMaf({ dropout: 0.1 }),
      { settings: { ...SETTINGS, batchSize: 4, accumulate: 2 } },
      (_, { history }) => {
        for (const losses of history) {
          for (const loss of Object.values(losses)) expect(loss).toBeGreaterThan(0)
        }
      },
    )
  })

  it('patience ends a run that does not get better', async () => {
    // No post has a name of this type: every epoch has an F1 of 0, and the first is the best.
    const valid = [{ ...POSTS[1]!, labels: ['B-PET'] }]
    const settings = { ...SETTINGS, epochs: 9, patience: 2 }
    const { bestEpoch, lastEpoch, history } = await train(
      tinyText(),
      { valid, settings },
      (_, result) => result,
    )
    expect([bestEpoch, lastEpoch, history.length]).toEqual([1, 3, 3])
  })
})
