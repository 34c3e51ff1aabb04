import { type OptimizerSpec, type TrainingReport, withoutDimension } from '@mafjs/compile'
import { createTraining, type Engine } from '@mafjs/compile/engine'
import { batchPictures, type Pictured, windowRows } from '@mafjs/data'
import { rowEncoder } from '@mafjs/data/features'
import { preparationOf } from '@mafjs/encoders'
import { uniform } from '@mafjs/tensor'
import { batchOrder, type Snapshot, takeSnapshot } from '@mafjs/train'
import { InferenceSession } from 'onnxruntime-node'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { frozenEncoder } from '../../src/features/model-pictures'
import type { PictureReader } from '../../src/model/batch-arrays'
import { buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import { defaultConfig } from '../../src/model/presets'
import { nerTask } from '../../src/task/ner-task'
import { distance, loadPictures, POSTS, tinyMaf, tinyReference, tinyText, tokenizer } from '../model/tiny'
import { compute, train } from './train-tiny'

const optimizer: OptimizerSpec = {
  kind: 'adamw',
  learningRate: 1e-2,
  schedule: { kind: 'linear', total: 4, warmup: 0.1 },
  clipping: { kind: 'global-norm', limit: 1 },
}

/** What is said of lengths that have programs of their own. */
const onNote = vi.fn()

/** What four steps report, the losses after them, and the parameters they leave. */
async function steps(config: MafConfig, engine: Engine, { load = loadPictures } = {}) {
  const model = buildMaf(config)
  const rows = windowRows(POSTS, { config, tokenizer })
  const encoder = frozenEncoder(model, preparationOf({ pictureSize: 33 }), engine)
  const encodeRows = encoder && rowEncoder(encoder)
  const read = encodeRows
    ? async (posts: readonly Pictured[]) =>
        encodeRows(posts.map(post => (post.image ? [largePicture(post)] : [])))
    : load
  const task = nerTask(model, { tokenizer, pictures: { load: read }, train: rows })
  const training = await createTraining(engine, task.loss, model.parameters(), { optimizer, onNote })
  const reports: TrainingReport[] = []
  for (const epoch of [1, 2]) {
    for (const places of batchOrder(rows.length, { batchSize: 2, seed: 7, epoch, shuffle: true })) {
      const run = { seed: 7, step: reports.length }
      const batch = places.map(place => rows[place]!)
      const arrays = await task.collate(batch, run)
      reports.push(
        await training.step(arrays, run, { dynamic: withoutDimension(task.axes!(arrays), 'batch') }),
      )
    }
  }
  const run = { seed: 7, step: 9 }
  const arrays = await task.collate(rows.slice(0, 3), run)
  const after = await training.losses(arrays, run, { dynamic: withoutDimension(task.axes!(arrays), 'batch') })
  await training.synchronize()
  const synchronised = await takeSnapshot(model.parameters())
  await training.dispose()
  await encoder?.dispose()
  const weights = await takeSnapshot(model.parameters())
  expect(weights).toEqual(synchronised)
  model.dispose()
  return { reports, after, weights }
}

/** A picture of which a ResNet makes four different regions. */
const largePicture = ({ image }: Pictured): Float32Array => uniform(33 * 33 * 3, { seed: 1, site: image! })

const largePictures: PictureReader['load'] = async posts =>
  batchPictures(
    posts.map(post => (post.image ? [largePicture(post)] : [])),
    { size: 33, fill: true },
  )

const flat = (weights: Snapshot): number[] => Object.values(weights).flatMap(({ values }) => [...values])

const tinyResNet = (trainable: boolean): MafConfig => {
  const { types, textEncoder } = tinyText()
  return defaultConfig({
    types,
    textEncoder: { ...textEncoder, heads: 2, intermediate: 12 },
    imageEncoder: { kind: 'resnet', block: 'basic', layers: [1, 1, 1, 1], width: 1, trainable, seed: 2 },
    imageSize: 8,
    dropout: 0.1,
  })
}

describe('a trainer on onnx', () => {
  let [eager, compiled]: Engine[] = []
  beforeAll(async () => {
    eager = await compute('cpu')
    compiled = await compute('onnx')
  })
  afterEach(() => vi.restoreAllMocks())

  it.each([
    ['text with dropout', tinyText({ dropout: 0.1 }), loadPictures],
    ['pictures, exchanges and dropout', tinyMaf({ dropout: 0.1 }), loadPictures],
    ['the published model', tinyReference({ dropout: 0.1, tokens: 16 }), loadPictures],
    [
      'without interaction and gate',
      tinyMaf({ dropout: 0.1, without: ['interaction', 'gate'] }),
      loadPictures,
    ],
    [
      'wired otherwise',
      tinyMaf({ dropout: 0.1, residual: 'query', tagExchanged: true, steps: 'pieces' }),
      loadPictures,
    ],
    ['a CNN that is trained', tinyResNet(true), largePictures],
    ['a CNN that is not', tinyResNet(false), largePictures],
  ])('does what one on tfjs does: %s', async (_, config, load) => {
    const one = await steps(config, eager!, { load })
    const other = await steps(config, compiled!, { load })
    for (const [step, { losses, learningRate, gradientNorm, reached }] of one.reports.entries()) {
      const report = other.reports[step]!
      expect(report.reached).toEqual(reached)
      expect(report.learningRate).toBe(learningRate)
      expect(report.gradientNorm / gradientNorm).toBeCloseTo(1, 3)
      expect(distance(Object.values(report.losses), Object.values(losses))).toBeLessThan(1e-4)
    }
    expect(distance(Object.values(other.after), Object.values(one.after))).toBeLessThan(1e-3)
    // Adam makes a whole step even of a gradient that is nothing but rounding: a few numbers may differ by one.
    const [values, others] = [flat(one.weights), flat(other.weights)]
    const differences = values.map((value, i) => Math.abs(value - others[i]!))
    expect(differences.filter(difference => difference > 1e-4).length).toBeLessThan(differences.length / 50)
    expect(onNote).not.toHaveBeenCalled()
  })

  it('does in a thread of its own what it does in this one', async () => {
    const config = tinyMaf({ dropout: 0.1 })
    const { session } = compiled as Extract<Engine, { name: 'onnx' }>
    const apart: Engine = { name: 'onnx', session: { ...session, worker: true } }
    expect(await steps(config, apart)).toEqual(await steps(config, compiled!))
  })

  it('makes no program in a second epoch, nor for the losses after one', async () => {
    const made = vi.spyOn(InferenceSession, 'create')
    const counts: number[] = []
    const onEvent = ({ type }: { type: string }) => type === 'epoch' && counts.push(made.mock.calls.length)
    const settings = { epochs: 3, batchSize: 2, learningRate: 1e-3 }
    await train(tinyMaf({ dropout: 0.1 }), { engine: compiled, settings, valid: POSTS, onEvent }, () => {})
    // One for each shape of batches and one to validate with; another where this process tried the guard.
    expect(counts[0]).toBeLessThanOrEqual(4)
    expect(counts.slice(1)).toEqual([counts[0], counts[0]])
  })
})
