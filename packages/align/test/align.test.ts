import { alignmentPresets, contrastiveLoss, createAlignment } from '@mafjs/align'
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

const value = (tensor: tf.Tensor): number => tensor.dataSync()[0]!

describe.each(Object.entries(alignmentPresets))('preset %s', (_name, preset) => {
  it('conforms', async () => {
    const findings = await checkConformance({
      create: createAlignment,
      config: { textSize: 5, imageSize: 7, hidden: 6, seed: 3, ...preset },
      dimensions: { batch: 4, tokens: 3, regions: 9, textSize: 5, imageSize: 7, hidden: 6 },
      inputs: { text: encodingInput('tokens', 'textSize'), image: encodingInput('regions', 'imageSize') },
      outputs: {
        loss: [],
        textToImage: [],
        imageToText: [],
        textToImageSum: [],
        imageToTextSum: [],
        text: ['batch', 'hidden'],
        image: ['batch', 'hidden'],
      },
    })
    expect(findings).toEqual([])
  })
})

describe('contrastiveLoss', () => {
  const text = tf.tensor2d([
    [3, 0],
    [0, 0.5],
  ])

  it('is worked out by hand for two pairs', () => {
    // Cosines [[1, 0.6], [0, 0.8]]: rows anchor the text, columns the image.
    const image = tf.tensor2d([
      [2, 0],
      [6, 8],
    ])
    const losses = contrastiveLoss({ text, image, temperature: 0.5, textToImageWeight: 0.7 })
    const textToImage = (Math.log(1 + Math.exp(-0.8)) + Math.log(1 + Math.exp(-1.6))) / 2
    const imageToText = (Math.log(1 + Math.exp(-2)) + Math.log(1 + Math.exp(-0.4))) / 2
    expect(value(losses.textToImage)).toBeCloseTo(textToImage, 6)
    expect(value(losses.imageToText)).toBeCloseTo(imageToText, 6)
    expect(value(losses.textToImageSum)).toBeCloseTo(2 * textToImage, 6)
    expect(value(losses.loss)).toBeCloseTo(0.7 * textToImage + 0.3 * imageToText, 6)
  })

  it('is log N where all are alike', () => {
    const alike = tf.ones<tf.Rank.R2>([5, 3])
    expect(value(contrastiveLoss({ text: alike, image: alike }).loss)).toBeCloseTo(Math.log(5), 6)
  })

  it('leaves an absent pair out of positives and negatives', () => {
    const rows = [
      [1, 2],
      [3, -1],
      [0.5, 1],
      [-2, 1],
    ]
    const others = [...rows].reverse()
    const present = tf.tensor1d([1, 0, 1, 1])
    const [texts, images] = [tf.tensor2d(rows), tf.tensor2d(others)]
    const kept = (all: number[][]): tf.Tensor2D =>
      tf.tensor2d(
        all.filter((_, index) => index !== 1),
        [3, 2],
      )
    const masked = contrastiveLoss({ text: texts, image: images, present })
    const without = contrastiveLoss({ text: kept(rows), image: kept(others) })
    for (const name of ['loss', 'textToImageSum', 'imageToTextSum'] as const) {
      expect(value(masked[name]!)).toBeCloseTo(value(without[name]!), 6)
    }
  })

  it('has no trace of what an absent pair holds, not even NaN', () => {
    const present = tf.tensor1d([1, 0, 1])
    const [texts, images] = [1, 2].map(seed => tf.randomNormal<tf.Rank.R2>([3, 4], 0, 1, 'float32', seed))
    const spoilt = tf.where(tf.greater(tf.expandDims(present, 1), 0), images!, Number.NaN) as tf.Tensor2D
    const results = [images!, spoilt].map(image => {
      const { value: loss, grads } = tf.valueAndGrads(
        (t, v) => contrastiveLoss({ text: t as tf.Tensor2D, image: v as tf.Tensor2D, present }).loss,
      )([texts!, image])
      return [loss, ...grads].map(tensor => [...tensor.dataSync()])
    })
    expect(results[1]).toEqual(results[0])
    expect(results.flat(2).every(Number.isFinite)).toBe(true)
  })

  it.each([
    ['one pair', [1]],
    ['one present pair', [0, 1, 0]],
    ['no present pair', [0, 0]],
  ])('is exactly 0 for %s', (_case, present) => {
    for (let seed = 0; seed < 20; seed++) {
      const rows = (site: number): tf.Tensor2D =>
        tf.randomNormal([present.length, 7], 0, 1, 'float32', 2 * seed + site)
      const losses = contrastiveLoss({ text: rows(1), image: rows(2), present: tf.tensor1d(present) })
      // TensorFlow's zero is negative.
      expect(Object.values(losses).map(loss => value(loss) + 0)).toEqual([0, 0, 0, 0, 0])
    }
  })

  it('is finite with zero vectors, and so is its gradient', () => {
    const image = tf.tensor2d([
      [0, 0],
      [1, 1],
    ])
    const loss = (t: tf.Tensor, v: tf.Tensor): tf.Tensor =>
      contrastiveLoss({ text: t as tf.Tensor2D, image: v as tf.Tensor2D }).loss
    const zeros = tf.zeros<tf.Rank.R2>([2, 2])
    expect(value(loss(zeros, image))).toBeCloseTo(Math.log(2), 6)
    const [, gradient] = tf.grads(loss)([text, image])
    expect([...gradient!.dataSync()].every(Number.isFinite)).toBe(true)
    expect([...gradient!.dataSync()].slice(0, 2)).toEqual([0, 0])
  })

  it('says what is wrong', () => {
    const three = tf.zeros<tf.Rank.R2>([3, 2])
    expect(() => contrastiveLoss({ text, image: three })).toThrow(
      'image must have shape [batch=2, hidden=2]. Received: [3, 2].',
    )
    expect(() => contrastiveLoss({ text, image: text, temperature: 0 })).toThrow(
      'temperature must be positive. Received: 0.',
    )
    expect(() => contrastiveLoss({ text, image: text, textToImageWeight: 2 })).toThrow(
      'textToImageWeight must be in [0, 1]. Received: 2.',
    )
    expect(() => createAlignment({ textSize: 4, imageSize: 0, hidden: 2 })).toThrow(
      'imageSize must be a positive whole number. Received: 0.',
    )
  })
})

// The whole model is compared by tools/test/golden.test.ts; this is the module alone.
describe('the published code', () => {
  const golden = readGolden(file => readFileSync(new URL(file, folder)))
  const encoding = (states: tf.Tensor, summary: tf.Tensor): Encoding => ({
    states: states as tf.Tensor3D,
    summary: summary as tf.Tensor2D,
    mask: tf.ones(states.shape.slice(0, 2) as [number, number]),
  })
  const apply = (temperature: number, textToImageWeight: number) => {
    const text = encoding(
      golden.tensor('train/bert.sequence_output'),
      golden.tensor('train/bert.pooled_output'),
    )
    const image = encoding(golden.regions(), golden.tensor('train/img_mean'))
    const alignment = createAlignment({
      textSize: text.summary.shape[1],
      imageSize: 2048,
      hidden: text.summary.shape[1],
      temperature,
      textToImageWeight,
    })
    const renames = {
      'text_dense_cl.': 'text_projection.dense.',
      'text_ouput_cl.': 'text_projection.output.',
      'image_dense_cl.': 'image_projection.dense.',
      'image_output_cl.': 'image_projection.output.',
    }
    assignParameters(alignment.parameters(), golden.weights(renames))
    return alignment.apply({ text, image })
  }

  it('has the same projections', () => {
    const { text, image } = apply(0.179, 0.7)
    expect(golden.share('train/contrast.text', text)).toBeLessThanOrEqual(1)
    expect(golden.share('train/contrast.image', image)).toBeLessThanOrEqual(1)
  })

  it('has the same losses, with these and other settings', () => {
    const close = (received: tf.Tensor, expected: number): void =>
      expect(Math.abs(value(received) - expected)).toBeLessThanOrEqual(1e-5 * expected + 1e-6)
    for (const { hyper, losses } of [golden.json, ...golden.json.extra_losses]) {
      const outputs = apply(hyper['temp']!, hyper['temp_lamb']!)
      close(outputs.loss, losses['contrastive']!)
      close(outputs.textToImageSum, losses['text_to_image_sum']!)
      close(outputs.imageToTextSum, losses['image_to_text_sum']!)
    }
  })
})
