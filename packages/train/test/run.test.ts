import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { type EngineOptions, useEngine } from '@mafjs/compile/engine'
import { uniform } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import * as ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import {
  evaluate,
  exportTask,
  fit,
  InterruptedError,
  openExport,
  openRun,
  predict,
  readWeights,
  TrainingError,
  takeSnapshot,
} from '../src'
import { contents } from './contents'
import { type Inputs, rowsOf, SETTINGS, tinyTask } from './tiny-task'

const [train, valid] = [rowsOf(40), rowsOf(60).slice(40)]

const newFolder = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), 'maf-train-')), 'run')

const ENGINES: [name: 'onnx' | 'tfjs', options: EngineOptions][] = [
  ['onnx', { engine: 'onnx', threads: 1 }],
  ['tfjs', { backend: 'cpu' }],
]

const SCRIPT = fileURLToPath(new URL('fit-in-process.ts', import.meta.url))
const FROM_SOURCE = new URL('../../../tools/workspace/from-source.mjs', import.meta.url).href
const node = (...args: string[]) => ['--import', FROM_SOURCE, SCRIPT, ...args]

describe.each(ENGINES)('a run on %s', (name, options) => {
  it('learns, and another process loads the same model to the bit, and a plain ONNX Runtime its export', async () => {
    const engine = await useEngine(options)
    const folder = await newFolder()
    const task = tinyTask()
    const before = tf.memory().numTensors
    const run = await openRun(folder)
    const settings = { ...SETTINGS, epochs: 12, learningRate: 0.3 }
    const { validation, bestEpoch } = await fit(task, { engine, train, valid, settings, run })
    expect(tf.memory().numTensors).toBe(before)
    expect(validation!.score).toBeGreaterThan(0.7)
    expect(await evaluate(task, valid, { engine })).toEqual(validation)
    const own = await predict(task, valid, { engine })
    const { stdout } = await promisify(execFile)(process.execPath, node('predict', folder, name))
    expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toEqual(own)
    const metrics = JSON.parse(await readFile(join(folder, 'metrics.json'), 'utf8'))
    expect(metrics).toMatchObject({ validation, training: { bestEpoch } })
    expect(await readFile(join(folder, 'report.md'), 'utf8')).toContain(`Best epoch: ${bestEpoch}, of 12`)

    const exported = join(folder, '..', 'export')
    await exportTask(task, train, exported, { profile: 'latency' })
    expect(JSON.parse(await readFile(join(exported, 'config.json'), 'utf8')).profile).toBe('latency')
    const wrong = exportTask(task, train, join(folder, '..', 'other'), { profile: 'speed' as 'latency' })
    await expect(wrong).rejects.toThrow('profile must be latency')
    await exportTask(task, train, exported, { overwrite: true })
    expect(JSON.parse(await readFile(join(exported, 'config.json'), 'utf8'))).not.toHaveProperty('profile')
    const session = await ort.InferenceSession.create(join(exported, 'model.onnx'))
    expect(session.inputNames).toEqual(['x'])
    for (const rows of [valid.slice(0, 1), valid.slice(3, 8)]) {
      const { x } = (await task.collate(rows)) as unknown as { x: { data: Float32Array; shape: number[] } }
      const { logits } = await session.run({ x: new ort.Tensor('float32', x.data, x.shape) })
      const expected = (await predict(task, rows, { engine })).flat()
      for (const [i, value] of expected.entries()) expect(Number(logits!.data[i])).toBeCloseTo(value, 5)
    }
    const program = await openExport<Inputs>(exported, engine)
    expect(await evaluate(task, valid, { program })).toEqual(validation)
    const isSecond = ([one, other]: readonly [number, number]): boolean => other > one
    for (const batchSize of [1, 3, 16]) {
      // Padding counts in this task: what is predicted depends on what is in a batch.
      const [loaded, predicted] = [{ engine }, { program }].map(one =>
        predict(task, valid, { ...one, batchSize }),
      )
      expect((await predicted!).map(isSecond)).toEqual((await loaded!).map(isSecond))
      const values = (await loaded!).flat()
      for (const [i, value] of (await predicted!).flat().entries()) expect(value).toBeCloseTo(values[i]!, 5)
    }
    const unlike = { ...task, collate: () => ({ y: new Float32Array(2) }) as never }
    await expect(predict(unlike, valid, { program })).rejects.toThrow('must have the inputs of')
    await program.dispose()
    await expect(openExport<Inputs>(folder, engine)).rejects.toThrow('must have a whole "model_type"')
  })

  it('is killed again and again, also inside a checkpoint, and ends with the bytes of one that was not', async () => {
    const [whole, killed] = [await newFolder(), await newFolder()]
    const engine = await useEngine(options)
    const goOn = async (folder: string) => {
      const run = await openRun(folder, { resume: true })
      await fit(tinyTask(), { engine, train, valid, settings: SETTINGS, run, checkpointEvery: 1 })
    }
    await goOn(whole)
    const ended = (child: ChildProcess) => new Promise(resolve => child.on('exit', resolve))
    // A checkpoint is written alike on every engine.
    const moments = name === 'onnx' ? uniform(3, { seed: Date.now() % 1e9, site: 'moments' }) : []
    const calls = [...moments].map((moment, i) => 1 + Math.floor(moment * [6, 25, 25][i]!))
    const dieInCheckpoint = (call: number) =>
      ended(spawn(process.execPath, node('fit', killed, name, `${call}`)))
    for (const call of calls.slice(0, 1)) await dieInCheckpoint(call)
    const child = spawn(process.execPath, node('fit', killed, name))
    const gone = ended(child)
    const progress = join(killed, 'last', 'progress.json')
    while (!existsSync(progress) || JSON.parse(readFileSync(progress, 'utf8')).progress.step < 7) {
      await setTimeout(5)
    }
    child.kill('SIGKILL')
    await gone
    expect(existsSync(join(killed, 'metrics.json'))).toBe(true)
    expect(existsSync(join(killed, 'report.md'))).toBe(false)
    for (const call of calls.slice(1)) await dieInCheckpoint(call)
    await goOn(killed)
    expect(await contents(killed), `died at calls ${calls}`).toEqual(await contents(whole))
  })
})

describe('fit', () => {
  const ENGINE = useEngine({ backend: 'cpu' })

  it.each([
    ['all of it trained', []],
    ['a part frozen', [{ parameters: 'head.bias', frozen: true }]],
  ])(
    'is asked to stop, has a checkpoint, and goes on from it to what it would have been: %s',
    async (_, groups) => {
      const engine = await ENGINE
      const [whole, stopped] = [await newFolder(), await newFolder()]
      const common = { engine, train, valid, settings: { ...SETTINGS, groups } }
      await fit(tinyTask(), { ...common, run: await openRun(whole) })
      const controller = new AbortController()
      const stopping = fit(tinyTask(), {
        ...common,
        run: await openRun(stopped),
        signal: controller.signal,
        onEvent: event => event.type === 'step' && event.step === 7 && controller.abort(),
      })
      await expect(stopping).rejects.toBeInstanceOf(InterruptedError)
      const notes: string[] = []
      const run = await openRun(stopped, { resume: true })
      await fit(tinyTask(), { ...common, run, onNote: note => notes.push(note) })
      expect(notes).toEqual(['Resumed after step 7, in epoch 2.'])
      expect(await contents(stopped)).toEqual(await contents(whole))
    },
  )

  it('stops where a loss is not finite, keeps the best epoch, and says where', async () => {
    const engine = await ENGINE
    const task = tinyTask()
    let batches = 0
    const broken: typeof task = {
      ...task,
      collate(rows, run) {
        const arrays = task.collate(rows) as {
          x: { data: Float32Array; shape: number[] }
          labels: Int32Array
        }
        if (run) batches += 1
        if (batches === 8) arrays.x.data.fill(Number.NaN)
        return arrays
      },
    }
    const run = await openRun(await newFolder())
    const error = await fit(broken, { engine, train, valid, settings: SETTINGS, run }).catch(one => one)
    expect(error).toBeInstanceOf(TrainingError)
    expect(error.message).toMatch(/^The loss must be finite, epoch 2, step 8\. Received: total NaN\./)
    const kept = await takeSnapshot(task.model.parameters())
    expect((await readWeights(run.folder)).weights).toEqual(kept)
  })

  it.each<[string, object, string]>([
    ['a setting out of range', { settings: { epochs: 0 } }, 'epochs must be a positive whole number'],
    ['no rows', { train: [] }, 'train must hold at least one row'],
    [
      'a group of nothing',
      { settings: { groups: [{ parameters: 'tail', frozen: true }] } },
      'groups[0].parameters',
    ],
    ['layer decay without layers', { settings: { layerDecay: 0.5 } }, 'layerDecay must be 1'],
  ])('refuses %s before its first step, and leaves nothing behind', async (_, options, message) => {
    const folder = await newFolder()
    const common = { engine: await ENGINE, train, settings: SETTINGS, run: await openRun(folder) }
    await expect(fit(tinyTask(), { ...common, ...options })).rejects.toThrow(message)
    expect(await readdir(join(folder, '..'))).toEqual([])
  })

  it('refuses a folder that holds something, and a run of other settings', async () => {
    const folder = await newFolder()
    const common = { engine: await ENGINE, train, valid, settings: { ...SETTINGS, epochs: 1 } }
    await fit(tinyTask(), { ...common, run: await openRun(folder) })
    await expect(fit(tinyTask(), { ...common, run: await openRun(folder) })).rejects.toThrow('holds a run')
    const run = await openRun(folder, { resume: true })
    const other = { ...common, settings: { ...common.settings, learningRate: 1 } }
    await expect(fit(tinyTask(), { ...other, run })).rejects.toThrow(
      'learningRate must be what the run began with',
    )
    const rows = { ...common, train: train.slice(1) }
    await expect(fit(tinyTask(), { ...rows, run })).rejects.toThrow(
      'data, train must be what the run began with',
    )
  })

  it('starts from a trained model by name; what has another shape starts anew, and all is said', async () => {
    const engine = await ENGINE
    const first = tinyTask()
    await fit(first, { engine, train, settings: SETTINGS })
    const weights = await takeSnapshot(first.model.parameters())
    const other = tinyTask({ seed: 5 })
    const notes: string[] = []
    const init = {
      from: 'before',
      weights: {
        'head.weight': weights['head.weight']!,
        'head.bias': { shape: [3], values: new Float32Array(3) },
        tail: { shape: [], values: new Float32Array(1) },
      },
    }
    const settings = { epochs: 1, batchSize: 40, learningRate: 1e-9 }
    await fit(other, { engine, train, settings, init, onNote: note => notes.push(note) })
    expect(notes).toEqual([
      '1 of 2 parameters start with the weights of before.',
      'These have another shape there and start anew: head.bias ([2], there [3]).',
      'These are there and have no place here: tail.',
    ])
    const after = await takeSnapshot(other.model.parameters())
    for (const [i, value] of weights['head.weight']!.values.entries()) {
      expect(after['head.weight']!.values[i]).toBeCloseTo(value, 6)
    }
  })
})

it('train knows no entity, post or picture', async () => {
  const root = fileURLToPath(new URL('../src', import.meta.url))
  const files = (await readdir(root, { recursive: true })).filter(file => file.endsWith('.ts'))
  expect(files.length).toBeGreaterThan(20)
  for (const file of files) {
    const text = await readFile(join(root, file), 'utf8')
    expect(text, file).not.toMatch(/@mafjs\/(data|encoders|evaluate\/|ner-maf|match|crf)/)
    // A report of the documents names what it is of; the code itself may not.
    const code = text.replace(/\/\*\*[\s\S]*?\*\/|\/\/.*/g, '')
    expect(code, file).not.toMatch(/\b(entit(y|ies)|posts?|pictures?|tokens?)\b/i)
  }
})
