import {
  createMatching,
  type MatchingInputs,
  type MatchingOptions,
  matchingLoss,
  matchingPresets,
  publishedExchanges,
  swapNegatives,
} from '@mafjs/match'
import { assignParameters, type Encoding, maskFromLengths } from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import {
  type ConformanceSubject,
  checkConformance,
  encodingInput,
  maskInput,
  readGolden,
  tensorInput,
  valueInput,
} from '@mafjs/tensor/testing'
import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'

const folder = new URL('../../ner-maf/test/fixtures/golden/modelL/', import.meta.url)

await tf.setBackend('cpu')
registerGradients()

const value = (tensor: tf.Tensor): number => tensor.dataSync()[0]!
const values = (tensor: tf.Tensor): number[] => [...tensor.dataSync()]

describe('conformance', () => {
  const subject: ConformanceSubject<MatchingOptions> = {
    create: createMatching,
    config: { hidden: 5, seed: 3, ...matchingPresets.default },
    dimensions: { batch: 4, tokens: 3, hidden: 5 },
    inputs: {
      text: encodingInput('tokens', 'hidden'),
      states: tensorInput(['batch', 'tokens', 'hidden']),
      present: maskInput(['batch'], { covers: ['states'] }),
      ids: valueInput(({ batch }) => Array.from({ length: batch! }, (_, index) => `picture ${index}`)),
    },
    outputs: {
      probability: ['batch'],
      logits: ['batch', 2],
      lossLogits: ['batch', 2],
      labels: ['batch'],
      loss: [],
      states: ['batch', 'tokens', 'hidden'],
    },
    random: 'examples',
  }
  const fixedLength = { 'mask:text.mask.appended': 'the flattened head takes one length' }
  const reference: MatchingOptions = {
    hidden: 5,
    tokens: 3,
    ...matchingPresets.reference,
    exchange: { rule: 'last', count: 3 },
    seed: 3,
  }

  it('of the default preset', async () => {
    expect(await checkConformance(subject)).toEqual([])
  })

  it('of the default preset with exchanged states in tagging', async () => {
    const config = { ...subject.config, exchangedStatesInTagging: true }
    expect(await checkConformance({ ...subject, config })).toEqual([])
  })

  it('of the reference preset', async () => {
    const exempt = { ...fixedLength, 'mask:text.mask.values': 'the published head reads padding' } as const
    expect(await checkConformance({ ...subject, config: reference, random: 'nothing', exempt })).toEqual([])
  })

  it('of the flattened head with padding masked', async () => {
    const config = { ...reference, maskPadding: true }
    expect(await checkConformance({ ...subject, config, random: 'nothing', exempt: fixedLength })).toEqual([])
  })
})

describe('matchingLoss', () => {
  const logits = tf.tensor2d([
    [0, Math.log(3)],
    [0, 0],
    [9, 1],
  ])

  it('is worked out by hand', () => {
    const labels = tf.tensor1d([1, 0, 1])
    const present = tf.tensor1d([1, 1, 0])
    expect(value(matchingLoss({ logits, labels, present }))).toBeCloseTo(
      (Math.log(4 / 3) + Math.log(2)) / 2,
      6,
    )
  })

  it('is 0 without an exchange, unless the published way is asked for', () => {
    const labels = tf.tensor1d([1, 1, 1])
    const present = tf.tensor1d([1, 1, 0])
    const published = matchingLoss({ logits, labels, present, lossWithoutNegatives: true })
    expect(value(matchingLoss({ logits, labels, present }))).toBe(0)
    expect(value(published)).toBeCloseTo((Math.log(4 / 3) + Math.log(2)) / 2, 6)
  })

  it('is 0 where no picture is present, and says what is wrong', () => {
    const labels = tf.tensor1d([0, 0, 1])
    expect(value(matchingLoss({ logits, labels, present: tf.zeros([3]) }))).toBe(0)
    expect(() => matchingLoss({ logits, labels: tf.tensor1d([1]) })).toThrow(
      'labels must have shape [batch=3]. Received: [1].',
    )
  })
})

describe('createMatching', () => {
  const random = (shape: [number, number, number], seed: number): tf.Tensor3D =>
    tf.randomNormal(shape, 0, 1, 'float32', seed)
  const encoding = (states: tf.Tensor3D, lengths?: number[]): Encoding => ({
    states,
    summary: tf.zeros([states.shape[0], states.shape[2]]),
    mask: maskFromLengths(
      lengths ?? states.shape.slice(0, 1).flatMap(n => new Array(n).fill(states.shape[1])),
    ),
  })
  const inputs = (present = [1, 1, 1, 1]): MatchingInputs => ({
    text: encoding(random([4, 3, 5], 1)),
    states: random([4, 3, 5], 2),
    present: tf.tensor1d(present),
    ids: present.map((here, index) => (here ? index : null)),
  })
  const training = { training: true, seed: 1 }

  it('keeps every own image in tagging, and learns from the exchanged ones', () => {
    const module = createMatching({ hidden: 5 })
    const given = inputs()
    const resting = module.apply(given)
    const trained = module.apply(given, training)
    const partners = trained.exchanged!
    const exchanged = [...partners.keys()].filter(index => partners[index] !== index)
    expect(exchanged).toHaveLength(2)
    expect([...resting.exchanged!]).toEqual([0, 1, 2, 3])
    expect(value(resting.loss)).toBe(0)
    expect(values(trained.probability)).toEqual(values(resting.probability))
    expect(values(trained.states)).toEqual(values(resting.states))
    expect(values(trained.labels)).toEqual([0, 1, 2, 3].map(index => (exchanged.includes(index) ? 0 : 1)))
    // The loss sees what tagging would see with the partners' states.
    const states = swapNegatives(given.states, trained.exchanged!)
    const { logits } = module.apply({ ...given, states })
    expect(values(trained.lossLogits)).toEqual(values(logits))
    const other = createMatching({ hidden: 5, exchangedStatesInTagging: true }).apply(given, training)
    expect(values(other.logits)).toEqual(values(trained.lossLogits))
    expect(values(other.states)).toEqual(values(tf.mul(states, tf.reshape(other.probability, [-1, 1, 1]))))
  })

  it('takes negatives that the caller computed anew', () => {
    const module = createMatching({ hidden: 5 })
    const given = { ...inputs(), partners: [1, 0, 2, 3] }
    const negatives = swapNegatives(given.states, given.partners)
    const { lossLogits } = module.apply({ ...given, negatives: random([4, 3, 5], 9) })
    expect(values(module.apply({ ...given, negatives }).lossLogits)).toEqual(
      values(module.apply(given).lossLogits),
    )
    expect(values(lossLogits)).not.toEqual(values(module.apply(given).lossLogits))
  })

  it.each([
    ['exchanged', [2, 1, 0, 3], [0, 1, 0, 1]],
    ['their own', [0, 1, 2, 3], [1, 1, 1, 1]],
    ['labelled otherwise', [1, 0, 2, 3], [0, 1, 0, 1]],
  ])('takes partners and labels in tensors as in numbers: %s', (_, partners, labels) => {
    for (const preset of [matchingPresets.default, { ...matchingPresets.reference, tokens: 3 }]) {
      const module = createMatching({ hidden: 5, ...preset })
      const given = { ...inputs([1, 1, 1, 0]), states: random([4, 3, 5], 2) }
      const plain = module.apply({ ...given, partners, labels })
      const tensors = { partners: tf.tensor1d(partners, 'int32'), labels: tf.tensor1d(labels) }
      const outputs = module.apply({ ...given, ...tensors })
      for (const name of ['probability', 'logits', 'lossLogits', 'labels', 'loss', 'states'] as const) {
        expect(values(outputs[name])).toEqual(values(plain[name]))
      }
      // A handle of its own.
      tf.dispose(outputs as unknown as tf.TensorContainer)
      expect(values(tensors.partners)).toEqual(partners)
    }
  })

  it('takes partners in a tensor, whose labels are those of the same numbers, and both as they must be', () => {
    const apply = (changed: Partial<MatchingInputs>) => () =>
      createMatching({ hidden: 5 }).apply({ ...inputs(), ...changed })
    const partners = tf.tensor1d([0, 2, 1, 3], 'int32')
    const { labels, loss } = apply({ partners })()
    const plain = apply({ partners: [0, 2, 1, 3] })()
    expect([values(labels), values(loss)]).toEqual([values(plain.labels), values(plain.loss)])
    expect(apply({ partners: tf.tensor1d([0, 1, 2, 3]) })).toThrow('partners must have dtype int32')
    expect(apply({ partners: tf.tensor1d([0, 1], 'int32') })).toThrow(
      'partners must have shape [4]. Received: [2].',
    )
    expect(apply({ partners, labels: tf.tensor1d([1]) })).toThrow(
      'labels must have shape [4]. Received: [1].',
    )
  })

  it('gives an example without a picture p = 0 and no part in the loss', () => {
    const module = createMatching({ hidden: 5 })
    const given = inputs([1, 0, 1, 1])
    const outputs = module.apply({ ...given, partners: [2, 1, 0, 3] })
    expect(values(outputs.probability)[1]).toBe(0)
    expect(values(tf.slice(outputs.states, 1, 1)).every(entry => entry === 0)).toBe(true)
    const rest = (tensor: tf.Tensor): tf.Tensor => tf.gather(tensor, [0, 2, 3])
    const expected = matchingLoss({
      logits: rest(outputs.lossLogits) as tf.Tensor2D,
      labels: rest(outputs.labels) as tf.Tensor1D,
    })
    expect(value(outputs.loss)).toBeCloseTo(value(expected), 6)
    // What stands in place of the missing picture reaches nothing, not even NaN.
    const isThere = tf.greater(tf.reshape(given.present, [4, 1, 1]), 0)
    const spoilt = module.apply({
      ...given,
      states: tf.where(isThere, given.states, Number.NaN),
      partners: [2, 1, 0, 3],
    })
    expect(values(spoilt.loss)).toEqual(values(outputs.loss))
    expect(values(spoilt.probability)).toEqual(values(outputs.probability))
    expect(values(spoilt.states)).toEqual(values(outputs.states))
    // Whoever sees the missing picture of another learns nothing either.
    expect(value(module.apply({ ...given, partners: [1, 1, 2, 3] }).loss)).toBe(0)
    expect(value(module.apply(inputs([1, 0, 0, 0]), training).loss)).toBe(0)
  })

  it('learns agreement with the default head, which a linear head cannot', () => {
    const signs = (values: number[]): tf.Tensor3D =>
      tf.tensor3d(
        values.map(value => [[value, -value, value]]),
        [4, 1, 3],
      )
    const picture = signs([1, -1, 1, -1])
    const given: MatchingInputs = {
      text: encoding(signs([1, 1, -1, -1])),
      states: picture,
      present: tf.ones([4]),
      partners: [0, 0, 1, 3],
      labels: [1, 0, 0, 1],
      negatives: picture,
    }
    const finalLoss = (options: Partial<MatchingOptions>): number => {
      const module = createMatching({ hidden: 3, ...options })
      const optimizer = tf.train.adam(0.05, 0.9, 0.999, 1e-8)
      for (let step = 0; step < 60; step++) optimizer.minimize(() => module.apply(given).loss)
      return value(module.apply(given).loss)
    }
    expect(finalLoss({ head: 'flattened', tokens: 1 })).toBeCloseTo(Math.LN2, 3)
    expect(finalLoss({})).toBeLessThan(0.1)
  })

  it('defaults to its preset of that name', () => {
    expect(createMatching({ hidden: 5 }).config).toEqual({ hidden: 5, seed: 0, ...matchingPresets.default })
  })

  it.each<[Partial<MatchingOptions>, string]>([
    [{ hidden: 0 }, 'hidden must be a positive whole number. Received: 0.'],
    [{ head: 'mean' as 'pooled' }, "head must be 'pooled' or 'flattened'. Received: mean."],
    [
      { head: 'flattened' },
      'tokens must be a positive whole number for the flattened head. Received: undefined.',
    ],
    [{ tokens: 3 }, 'tokens must be left out for the pooled head, which takes any length. Received: 3.'],
    [
      { exchange: { rule: 'first' } as never },
      "exchange.rule must be 'eligible' or 'last'. Received: first.",
    ],
  ])('refuses %o', (wrong, message) => {
    expect(() => createMatching({ hidden: 5, ...wrong })).toThrow(message)
  })

  it('says what is missing in training', () => {
    const module = createMatching({ hidden: 5 })
    const { ids: _ids, ...given } = inputs()
    expect(() => module.apply(given, training)).toThrow(
      'ids must name the picture of every example in training (4). Received: undefined.',
    )
    expect(() => module.apply({ ...given, labels: [1, 1, 1, 0] })).toThrow(
      'partners must be given with labels or negatives, which depend on them. Received: undefined.',
    )
    expect(() => module.apply({ ...given, partners: [0, 1, 2, 3], labels: [1, 1, 1] })).toThrow(
      'labels must be 4 numbers, each 0 or 1. Received: [1, 1, 1].',
    )
  })
})

// The whole model is compared by tools/test/golden.test.ts; this is the module alone.
describe('the published code', () => {
  const golden = readGolden(file => readFileSync(new URL(file, folder)))
  const states = golden.tensor('train/bert.sequence_output') as tf.Tensor3D
  const [batch, tokens, hidden] = states.shape
  const given: MatchingInputs = {
    text: { states, summary: tf.zeros([batch, hidden]), mask: golden.tensor('input_mask') as tf.Tensor2D },
    states: golden.tensor('train/cross_output') as tf.Tensor3D,
    present: tf.ones([batch]),
  }
  const reference = (count: number | null) => {
    const exchange = { rule: 'last', count } as const
    const module = createMatching({ hidden, tokens, ...matchingPresets.reference, exchange })
    assignParameters(module.parameters(), golden.weights({ 'crs_classifier.': 'classifier.' }))
    return module
  }
  const count = golden.json.hyper['negative_rate']!

  it('has the same exchange, logits, probability and filtered states', () => {
    const { partners } = publishedExchanges(batch, count)
    expect(
      golden.share('train/cross_output_used', swapNegatives(given.states, partners)),
    ).toBeLessThanOrEqual(1)
    const outputs = reference(count).apply(given, { training: true })
    expect(golden.share('train/match.logits', outputs.logits)).toBeLessThanOrEqual(1)
    expect(golden.share('train/match.P', outputs.probability)).toBeLessThanOrEqual(1)
    expect(values(outputs.labels)).toEqual(values(golden.tensor('train/match.labels')))
    const resting = reference(count).apply(given)
    expect(golden.share('eval/match.logits', resting.logits)).toBeLessThanOrEqual(1)
    expect(golden.share('eval/match.P', resting.probability)).toBeLessThanOrEqual(1)
    expect([...resting.exchanged!]).toEqual(Array.from({ length: batch }, (_, index) => index))
  })

  it('has the same loss and labels for every number of exchanges', () => {
    const settings = [{ ...golden.json, match_labels: undefined }, ...golden.json.extra_losses]
    for (const { hyper, losses, match_labels } of settings) {
      const outputs = reference(hyper['negative_rate'] as number | null).apply(given, { training: true })
      const expected = losses['matching_ce']!
      expect(Math.abs(value(outputs.loss) - expected)).toBeLessThanOrEqual(1e-5 * expected + 1e-6)
      if (match_labels) expect(values(outputs.labels)).toEqual(match_labels)
    }
  })
})
