import type { PictureBatch } from '@mafjs/data'
import type { StepEvent, TrainingEvent } from '@mafjs/train'
import { type Snapshot, TrainingError, takeSnapshot } from '@mafjs/train'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import type { Maf } from '../../src/model/maf'
import { tag } from '../../src/task/tag'
import { eagerProgram } from '../engine/programs'
import { loadPictures, POSTS, tinyMaf, tinyReference, tinyText, tokenizer } from '../model/tiny'
import { type FitMafInputs, fitMaf } from './fit-maf'
import { activeEngine, compute, f1, SETTINGS, train } from './train-tiny'

const weights = (model: Maf): Promise<Snapshot> => takeSnapshot(model.parameters())
const withDropout = tinyMaf({ dropout: 0.1 })

describe.each(['wasm', 'cpu', 'onnx'] as const)('on %s', name => {
  beforeAll(() => compute(name))

  it('the seed decides every bit of the weights', async () => {
    const run = (seed: number): Promise<Snapshot> =>
      train(withDropout, { settings: { ...SETTINGS, seed } }, weights)
    const first = await run(7)
    expect(await run(7)).toEqual(first)
    const other = await run(8)
    const name = 'crf.transitions'
    expect(other[name]!.values).not.toEqual(first[name]!.values)
  })
})

describe.each(['cpu', 'onnx'] as const)('a run on %s', name => {
  beforeAll(() => compute(name))

  it('reports every step and epoch in finite numbers and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    const events: TrainingEvent[] = []
    await train(
      withDropout,
      { valid: POSTS.slice(0, 2), onEvent: event => events.push(event) },
      async (model, result) => {
        expect(result.history).toHaveLength(2)
        expect(result.withoutGradient).toEqual([])
        expect(tf.memory().numTensors).toBe(before + Object.keys(model.parameters()).length)
      },
    )
    expect(tf.memory().numTensors).toBe(before)
    expect(events.map(({ type }) => type)).toEqual(['step', 'step', 'epoch', 'step', 'step', 'epoch'])
    const steps = events.filter((event): event is StepEvent => event.type === 'step')
    expect(steps.map(({ step, steps, epoch }) => [step, steps, epoch])).toEqual([
      [1, 4, 1],
      [2, 4, 1],
      [3, 4, 2],
      [4, 4, 2],
    ])
    expect(steps.map(({ learningRate }) => learningRate)).toEqual(
      [1, 0.75, 0.5, 0.25].map(share => expect.closeTo(share * 1e-2, 8)),
    )
    for (const { losses, gradientNorm, rowsPerSecond, secondsLeft } of steps) {
      const numbers = [...Object.values(losses), gradientNorm, rowsPerSecond, secondsLeft]
      expect(numbers.filter(number => !(Number.isFinite(number) && number >= 0))).toEqual([])
    }
    // In every epoch the batch of three exchanges pictures, and the one of a single post cannot.
    const matched = steps.map(({ losses }) => losses['matching']! > 0)
    expect([matched.slice(0, 2), matched.slice(2)].map(epoch => epoch.filter(Boolean).length)).toEqual([1, 1])
    const [first] = events.filter(event => event.type === 'epoch')
    expect(first!.losses['tagging']).toBeCloseTo(
      (steps[0]!.losses['tagging']! + steps[1]!.losses['tagging']!) / 2,
      8,
    )
  })

  it('lets signals and timers through after every step and every tagged batch', async () => {
    const steps: number[] = []
    let heard = 0
    await train(
      tinyMaf(),
      {
        onEvent: event => {
          if (event.type !== 'step') return
          steps.push(heard)
          setImmediate(() => {
            heard += 1
          })
        },
      },
      async model => {
        const batches: number[] = []
        const onBatch = (): void => {
          batches.push(heard)
          setImmediate(() => {
            heard += 1
          })
        }
        heard = 0
        await tag(POSTS, { model, program: eagerProgram(model), tokenizer, onBatch, batchSize: 1 })
        expect(batches).toEqual([0, 1, 2, 3])
      },
    )
    expect(steps).toEqual([0, 1, 2, 3])
  })

  it('names the parameters that nothing reached', async () => {
    const noPicture = POSTS.map(({ image: _, ...rest }) => rest)
    const missing = await train(tinyMaf(), { train: noPicture }, (_, { withoutGradient }) => withoutGradient)
    const parts = new Set(missing.map(name => name.split('.')[0]))
    expect([...parts]).toEqual(['image_encoder', 'alignment', 'interaction', 'matching', 'fusion'])
  })

  it('keeps the first of epochs that are equally good', async () => {
    // No post has a name of this type, so that every epoch has an F1 of 0.
    const valid = [{ ...POSTS[1]!, labels: ['B-PET'] }]
    const { bestEpoch } = await train(tinyText(), { valid }, (_, result) => result)
    expect(bestEpoch).toBe(1)
  })

  it('ends with the weights of the best epoch, not of the last', async () => {
    const model = buildMaf(tinyText())
    const learned = {
      model,
      tokenizer,
      engine: activeEngine(),
      settings: { epochs: 40, batchSize: 4, learningRate: 2e-2 },
    }
    await fitMaf({ ...learned, train: POSTS })
    expect(await f1(model, POSTS)).toBe(1)
    // Now it is taught that there are no entities, and chosen by posts that say otherwise.
    const kept: number[] = []
    let best: Snapshot | undefined
    const result = await fitMaf({
      ...learned,
      train: POSTS.map(({ labels, ...rest }) => ({ ...rest, labels: labels!.map(() => 'O') })),
      valid: POSTS,
      settings: { ...learned.settings, learningRate: 5e-3 },
      onBest: async (snapshot, epoch) => {
        best = snapshot
        kept.push(epoch)
      },
    })
    expect(result.bestEpoch).toBeLessThan(40)
    expect(kept.at(-1)).toBe(result.bestEpoch)
    expect(await weights(model)).toEqual(best)
    expect(await f1(model, POSTS)).toBe(result.validation!.strict.micro.f1)
    model.dispose()
  })

  it("runs the published optimiser past the schedule's end, as the published code does", async () => {
    const rates: number[] = []
    const onEvent = (event: TrainingEvent) => event.type === 'step' && rates.push(event.learningRate)
    await train(
      tinyReference(),
      { settings: { ...SETTINGS, epochs: 4, optimizer: 'published' }, onEvent },
      async (model, { withoutGradient }) => {
        expect(withoutGradient).toEqual([])
        expect(Number.isFinite(await f1(model, POSTS))).toBe(true)
      },
    )
    // 4 posts in batches of 3: the published code counts one step an epoch, 4, and takes 8.
    expect(rates).toEqual(
      [0, 0.75, 0.5, 0.25, 0, -0.25, -0.5, -0.75].map(share => expect.closeTo(share * 1e-2, 8)),
    )
  })
})

describe.each(['cpu', 'onnx'] as const)('a run that breaks on %s', name => {
  beforeAll(() => compute(name))

  /** The error of a run, and whether the model holds the weights it should. */
  async function broken(
    { config = tinyText(), ...inputs }: Partial<FitMafInputs> & { config?: MafConfig },
    change: (model: Maf) => Maf = model => model,
  ) {
    const model = buildMaf(config)
    const start = await weights(model)
    const best: Snapshot[] = []
    const before = tf.memory().numTensors
    const error = await fitMaf({
      model: change(model),
      tokenizer,
      train: POSTS,
      settings: SETTINGS,
      engine: activeEngine(),
      onBest: async snapshot => void best.push(snapshot),
      ...inputs,
    }).catch((error: unknown) => error)
    expect(tf.memory().numTensors).toBe(before)
    expect(error).toBeInstanceOf(TrainingError)
    expect(await weights(model)).toEqual(best.at(-1) ?? start)
    model.dispose()
    return error as TrainingError
  }

  it('names the step and the losses, and goes back to the best epoch', async () => {
    let batches = 0
    const error = await broken({
      config: tinyMaf(),
      pictures: {
        load: async posts => {
          const batch = (await loadPictures(posts)) as PictureBatch
          batches += 1
          if (batches === 4) batch.pixels.data.fill(Number.NaN)
          return batch
        },
      },
    })
    expect(error.message).toMatch(
      /^The loss must be finite, epoch 2, step 4\. Received: total NaN, tagging NaN, matching \S+, alignment NaN\. /,
    )
    expect(error.message).toContain(
      'Training stopped; the weights of epoch 1 are kept. ' +
        'Try a lower learning rate (now 0.01) or stronger clipping.',
    )
    expect(error.kept).toBe(1)
  })

  it('is found by its gradients before they reach the weights', async () => {
    const error = await broken({}, model => ({
      ...model,
      apply: (inputs, options) => {
        const outputs = model.apply(inputs, options)
        if (!options?.training) return outputs
        const steep = tf.customGrad(x => ({
          value: tf.clone(x as tf.Tensor),
          gradFunc: (dy: tf.Tensor) => tf.mul(dy, Number.POSITIVE_INFINITY),
        }))
        const losses = { ...outputs.losses!, total: steep(outputs.losses!.total) as tf.Scalar }
        return { ...outputs, losses }
      },
    }))
    expect(error.message).toMatch(/^The gradients must be finite, epoch 1, step 1\. Received: total [\d.]+,/)
    expect(error.kept).toBe(0)
  })

  it('is never kept as the best: the last update of an epoch is looked at too', async () => {
    const error = await broken({ settings: { ...SETTINGS, batchSize: 4, learningRate: 1e30 } })
    expect(error.message).toMatch(/^The loss after the update must be finite, epoch 1, step 1\./)
    expect(error.kept).toBe(0)
  })
})
