import { useBackend } from '@mafjs/compile/engine'
import { batchPictures } from '@mafjs/data'
import { assignParameters, valueAndGradients } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import { createMaf, type Maf, type MafInputs, type MafLosses } from '../../src/model/maf'
import { tag } from '../../src/task/tag'
import { eagerProgram } from '../engine/programs'
import {
  distance,
  inputsOf,
  loadPictures,
  numbers,
  POSTS,
  pictures,
  tinyMaf,
  tinyReference,
  tinyText,
  tokenizer,
} from './tiny'

beforeAll(() => useBackend('cpu'))

const CONFIGS: Record<string, MafConfig> = {
  'text only': tinyText({ dropout: 0.1 }),
  MAF: tinyMaf({ dropout: 0.1 }),
  'without alignment': tinyMaf({ dropout: 0.1, without: ['alignment'] }),
  'without matching': tinyMaf({ dropout: 0.1, without: ['matching'] }),
  reference: tinyReference({ dropout: 0.1 }),
  'reference without alignment': tinyReference({ dropout: 0.1, without: ['alignment'] }),
}

const EXCHANGES = { partners: Int32Array.of(1, 0, 2, 3), labels: Float32Array.of(0, 0, 1, 1) }

/** Uses a model and its inputs and frees both. */
async function withModel<T>(
  config: MafConfig,
  use: (model: Maf, inputs: MafInputs) => T | Promise<T>,
  load = loadPictures,
  posts = POSTS,
): Promise<T> {
  const model = buildMaf(config)
  const inputs = await inputsOf(config, posts, load)
  try {
    return await use(model, inputs)
  } finally {
    model.dispose()
    tf.dispose(inputs as unknown as tf.TensorContainer)
  }
}

const lossesOf = (losses: MafLosses | undefined): Record<keyof MafLosses, number> =>
  Object.fromEntries(
    Object.entries(losses!).map(([part, value]) => [part, (value as tf.Scalar).dataSync()[0]!]),
  ) as Record<keyof MafLosses, number>

const rows = (tensor: tf.Tensor): number[][] => {
  const size = tensor.size / tensor.shape[0]!
  const all = numbers(tensor)
  return Array.from({ length: tensor.shape[0]! }, (_, row) => all.slice(row * size, (row + 1) * size))
}

/** Parameters of a loss whose gradient is absent or nothing beside the largest. */
function withoutGradient(model: Maf, inputs: MafInputs): string[] {
  return tf.tidy(() => {
    const { gradients } = valueAndGradients(
      () => model.apply({ ...inputs, exchanges: EXCHANGES }, { training: true, seed: 1 }).losses!.total,
      model.parameters(),
    )
    const sizes = Object.entries(model.parameters()).map(([name]) => {
      const gradient = gradients[name]
      return [name, gradient ? Math.max(...numbers(tf.abs(gradient))) : 0] as const
    })
    const largest = Math.max(...sizes.map(([, size]) => size))
    return sizes.filter(([, size]) => size <= 1e-7 * largest).map(([name]) => name)
  })
}

describe.each(Object.entries(CONFIGS))('%s', (name, config) => {
  it('is rebuilt from its JSON and computes the same from the same parameters', async () => {
    await withModel(config, async (model, inputs) => {
      const rebuilt = buildMaf({ ...JSON.parse(JSON.stringify(model.config)), seed: 99 })
      assignParameters(rebuilt.parameters(), model.parameters())
      const options = { training: true, seed: 5, step: 2 }
      const [first, second] = [model, rebuilt].map(maf =>
        maf.apply({ ...inputs, exchanges: EXCHANGES }, options),
      )
      expect(numbers(second!.emissions)).toEqual(numbers(first!.emissions))
      expect(lossesOf(second!.losses)).toEqual(lossesOf(first!.losses))
      tf.dispose([first, second] as unknown as tf.TensorContainer)
      rebuilt.dispose()
    })
  })

  it('leaks no tensor in use, keeps its inputs when outputs are freed, and frees all in the end', async () => {
    const before = tf.memory().numTensors
    await withModel(config, async (model, inputs) => {
      const inUse = tf.memory().numTensors
      for (const training of [false, true]) {
        const outputs = model.apply({ ...inputs, exchanges: EXCHANGES }, { training, seed: 1 })
        tf.dispose(outputs as unknown as tf.TensorContainer)
      }
      expect(tf.memory().numTensors).toBe(inUse)
      expect(inputs.text.mask.isDisposed).toBe(false)
      await tag(POSTS, { model, program: eagerProgram(model), tokenizer, pictures, batchSize: 3 })
      expect(tf.memory().numTensors).toBe(inUse)
    })
    expect(tf.memory().numTensors).toBe(before)
  })

  it('gives every parameter a gradient but those where it is zero by the mathematics', async () => {
    const keyBias = (prefix: string): string => `${prefix}.layer.0.attention.self.key.bias`
    const expected = {
      // A bias of all keys adds the same to every score, which softmax does not see.
      'text only': [keyBias('text_encoder.encoder')],
      MAF: [keyBias('text_encoder.encoder'), keyBias('interaction')],
      'without alignment': [keyBias('text_encoder.encoder'), keyBias('interaction')],
      'without matching': [keyBias('text_encoder.encoder'), keyBias('interaction')],
      reference: [keyBias('text_encoder.encoder'), keyBias('interaction')],
      // Nothing but the alignment reads the pooler's summary.
      'reference without alignment': [
        keyBias('text_encoder.encoder'),
        'text_encoder.pooler.dense.weight',
        'text_encoder.pooler.dense.bias',
        keyBias('interaction'),
      ],
    }[name]
    expect(await withModel(config, withoutGradient)).toEqual(expected)
  })
})

it('reaches no parameter of pictures where no post has one', async () => {
  const none: typeof loadPictures = async posts =>
    batchPictures(
      posts.map(() => []),
      { size: 4, fill: true },
    )
  const missing = await withModel(CONFIGS['MAF']!, withoutGradient, none)
  const all = await withModel(CONFIGS['MAF']!, model => Object.keys(model.parameters()))
  expect(missing).toEqual(
    all.filter(
      name =>
        /^(image_encoder|alignment|interaction|matching|fusion)\./.test(name) || /key\.bias$/.test(name),
    ),
  )
})

describe('losses', () => {
  it.each([0, 0.3, 1])('are weighed by a = %d', async lossWeight => {
    await withModel({ ...tinyMaf(), lossWeight }, (model, inputs) => {
      const { losses } = model.apply({ ...inputs, exchanges: EXCHANGES })
      const { total, tagging, matching, alignment } = lossesOf(losses)
      expect(Math.min(tagging, matching, alignment)).toBeGreaterThan(0.01)
      expect(total).toBeCloseTo(lossWeight * tagging + (1 - lossWeight) * (matching + alignment), 6)
    })
  })

  it.each([
    ['default', tinyMaf()],
    ['reference', tinyReference()],
  ])('are of the text alone where no post has a picture (%s)', async (_, config) => {
    const absent =
      (value: number): typeof loadPictures =>
      async posts => {
        const batch = batchPictures(
          posts.map(() => []),
          { size: 4, fill: true },
        )
        batch.pixels.data.fill(value)
        return batch
      }
    const run = (load: typeof loadPictures, keep = true) =>
      withModel(
        config,
        (model, { image, ...inputs }) => {
          const outputs = model.apply({ ...inputs, ...(keep && { image }), exchanges: EXCHANGES })
          tf.dispose(image as unknown as tf.TensorContainer)
          return { emissions: numbers(outputs.emissions), losses: lossesOf(outputs.losses) }
        },
        load,
      )
    const empty = await run(absent(0))
    expect(empty.losses).toMatchObject({ matching: 0, alignment: 0 })
    expect(await run(absent(7))).toEqual(empty)
    expect(await run(absent(0), false)).toEqual(empty)
    expect((await run(loadPictures)).emissions).not.toEqual(empty.emissions)
  })
})

it('gives a post alone what it gives it in a longer batch, with its own picture or without one', async () => {
  const together = await withModel(tinyMaf(), (model, inputs) => rows(model.apply(inputs).emissions))
  for (const [row, post] of POSTS.entries()) {
    await withModel(
      tinyMaf(),
      (model, inputs) => {
        const { emissions, losses } = model.apply({
          ...inputs,
          exchanges: { partners: Int32Array.of(0), labels: Float32Array.of(1) },
        })
        expect(distance(numbers(emissions), together[row]!.slice(0, emissions.size))).toBeLessThan(1e-5)
        expect(lossesOf(losses)).toMatchObject({ matching: 0, alignment: 0 })
        expect(Number.isFinite(lossesOf(losses).total)).toBe(true)
      },
      loadPictures,
      [post],
    )
  }
})

describe('exchanges', () => {
  const compare = (config: MafConfig) =>
    withModel(config, (model, inputs) => {
      const own = model.apply(inputs)
      const exchanged = model.apply({ ...inputs, exchanges: EXCHANGES })
      const [before, after] = [rows(own.emissions), rows(exchanged.emissions)]
      return {
        changed: before.map((row, i) => distance(row, after[i]!) > 0),
        losses: [lossesOf(own.losses).matching, lossesOf(exchanged.losses).matching],
      }
    })

  it('teach matching and leave tagging every post its own picture', async () => {
    const { changed, losses } = await compare(tinyMaf())
    expect(changed).toEqual([false, false, false, false])
    expect(losses[0]).toBe(0)
    expect(losses[1]).toBeGreaterThan(0.1)
  })

  it('reach the tagging of the exchanged posts in the published preset', async () => {
    const { changed, losses } = await compare(tinyReference())
    expect(changed).toEqual([true, true, false, false])
    expect(losses[1]).not.toBe(losses[0])
  })

  it('of pictures are those of a batch whose pictures are exchanged, and only exchanged rows are computed again', async () => {
    const sizes: number[] = []
    const exchanges = { partners: Int32Array.of(3, 0, 2, 1), labels: Float32Array.of(0, 0, 1, 0) }
    const spied = ({ config, parts }: Maf): Maf => {
      const interaction: typeof parts.interaction = {
        ...parts.interaction!,
        apply: (inputs, options) => {
          sizes.push(inputs.text.states.shape[0])
          return parts.interaction!.apply(inputs, options)
        },
      }
      return createMaf(config, { ...parts, interaction })
    }
    const logits = await withModel(tinyMaf(), (model, inputs) =>
      rows(spied(model).apply({ ...inputs, exchanges }).matching!.lossLogits!),
    )
    expect(sizes).toEqual([4, 3])
    const swapped: typeof loadPictures = examples =>
      loadPictures(Array.from(exchanges.partners, partner => examples[partner]!))
    const direct = await withModel(
      tinyMaf(),
      (model, inputs) => rows(model.apply(inputs).matching!.logits!),
      swapped,
    )
    expect(distance(logits.flat(), direct.flat())).toBeLessThan(1e-6)
  })
})
