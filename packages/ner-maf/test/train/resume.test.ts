import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { useBackend } from '@mafjs/compile/engine'
import { uniform } from '@mafjs/tensor'
import { InterruptedError } from '@mafjs/train'
import { beforeAll, describe, expect, it } from 'vitest'
import { trainRun } from '../../src/train/train-run'
import type { TrainRunOptions } from '../../src/train/train-run-options'
import { FROM_SOURCE } from '../from-source'
import { contents } from './contents'
import { writeResNet, writeTask } from './run-files'

const SCRIPT = fileURLToPath(new URL('train-killed.ts', import.meta.url))

/** A training in a process of its own. */
function start(options: TrainRunOptions, callToDieAt?: number) {
  const given = [JSON.stringify(options), ...(callToDieAt === undefined ? [] : [String(callToDieAt)])]
  const child = spawn(process.execPath, [...FROM_SOURCE, SCRIPT, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  child.stdout!.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n')))
  return { child, lines, ended: once(child, 'exit') as Promise<[number | null, string | null]> }
}

/** How a process is killed: from outside at some moment, before its first step or after it, or inside a checkpoint. */
type Kill = 'any moment' | 'after a step' | 'in a checkpoint'

/** A run with a frozen ResNet, a broken picture, dropout and exchanges, and a checkpoint at every other step. */
async function withPictures() {
  const { folder, data, images, textEncoder, corpus } = await writeTask({ train: 20, valid: 4, test: 4 })
  const { file } = await writeResNet(folder)
  await writeFile(join(images, corpus.train.find(({ image }) => image)!.image!), 'no picture')
  const options = (out: string): TrainRunOptions => ({
    ...{ data, images, textEncoder, imageEncoder: file, randomTextEncoder: true, maxLength: 64 },
    ...{ epochs: 2, batchSize: 8, learningRate: 1e-2, checkpointEvery: 2, layerDecay: 0.9, seed: 5 },
    ...{ engine: 'onnx', threads: 1, out: join(folder, out) },
  })
  return { folder, options }
}

/** A run of text alone, with a checkpoint at every step. */
async function ofText() {
  const { folder, data, textEncoder } = await writeTask({ train: 24, valid: 4, test: 4 })
  const options = (out: string): TrainRunOptions => ({
    ...{ data, textEncoder, randomTextEncoder: true, maxLength: 64, checkpointEvery: 1, seed: 5 },
    ...{ epochs: 3, batchSize: 8, engine: 'onnx', threads: 1, out: join(folder, out) },
  })
  return { folder, options }
}

beforeAll(() => useBackend('wasm'))

it.each<[string, () => ReturnType<typeof ofText>, Kill[], string[]]>([
  [
    'of text alone',
    ofText,
    [
      ...['any moment', 'after a step', 'in a checkpoint', 'after a step'],
      ...['in a checkpoint', 'after a step', 'any moment', 'in a checkpoint'],
    ] as Kill[],
    ['data', 'killed', 'whole'],
  ],
  // Its cache is filled by and by, by processes that are killed.
  [
    'with pictures',
    withPictures,
    ['after a step', 'in a checkpoint'],
    ['cache', 'data', 'killed', 'resnet.safetensors', 'whole'],
  ],
])(
  'killed again and again, also inside a checkpoint, a run %s ends with the bytes of one that never was',
  {
    timeout: 240_000,
  },
  async (_, task, kills, left) => {
    const { folder, options } = await task()
    await trainRun({ ...options('whole'), featureCache: 'none' })
    const killed = { ...options('killed'), featureCache: join(folder, 'cache'), resume: true }
    const moments = uniform(kills.length, { seed: Date.now() % 1e9, site: 'moments' })
    const told: string[] = []
    for (const [i, kill] of kills.entries()) {
      const callToDieAt = kill === 'in a checkpoint' ? 1 + Math.floor(moments[i]! * 40) : undefined
      const { child, lines, ended } = start(killed, callToDieAt)
      if (callToDieAt === undefined) {
        if (kill === 'after a step') {
          while (lines.length === 0 && child.exitCode === null)
            await new Promise(resolve => setTimeout(resolve, 5))
        }
        await new Promise(resolve => setTimeout(resolve, moments[i]! * 120))
        child.kill('SIGKILL')
      }
      const [code, signal] = await ended
      told.push(`${kill}, call ${callToDieAt}: ${signal ?? code}, steps ${lines}`)
    }
    await trainRun(killed)
    const [whole, resumed] = [await contents(join(folder, 'whole')), await contents(join(folder, 'killed'))]
    expect(Object.keys(resumed).sort(), told.join('\n')).toEqual(Object.keys(whole).sort())
    for (const [name, content] of Object.entries(whole)) {
      expect(resumed[name] === content, `${name} differs\n${told.join('\n')}`).toBe(true)
    }
    expect((await readdir(folder)).sort()).toEqual(left)
  },
)

describe('a run that goes on', () => {
  const text = async () => {
    const { folder, data, textEncoder } = await writeTask({ train: 16, valid: 4, test: 4 })
    const options = { data, textEncoder, randomTextEncoder: true, maxLength: 64, epochs: 3, batchSize: 8 }
    return {
      folder,
      data,
      options: (out: string): TrainRunOptions => ({ ...options, out: join(folder, out) }),
    }
  }

  it.each([3, 4])('was asked to stop at step %i, and stopped with a checkpoint', async stopping => {
    const { folder, options } = await text()
    await trainRun(options('whole'))
    const controller = new AbortController()
    const stopped = trainRun({
      ...options('stopped'),
      signal: controller.signal,
      onEvent: event => event.type === 'step' && event.step === stopping && controller.abort(),
    })
    await expect(stopped).rejects.toThrow(new InterruptedError(stopping))
    // A line that a power cut left unfinished, and events of steps that were not saved.
    const events = await readFile(join(folder, 'stopped/events.jsonl'), 'utf8')
    const later = { ...JSON.parse(events.split('\n')[0]!), step: 5, epoch: 3 }
    await appendFile(join(folder, 'stopped/events.jsonl'), `${JSON.stringify(later)}\n{"type":"st`)
    const notes: string[] = []
    await trainRun({ ...options('stopped'), resume: true, onNote: note => notes.push(note) })
    expect(notes.at(-1)).toBe(`Resumed after step ${stopping}, in epoch ${stopping === 3 ? 2 : 3}.`)
    expect(await contents(join(folder, 'stopped'))).toEqual(await contents(join(folder, 'whole')))
  })

  it('has ended: nothing is trained again', async () => {
    const { folder, options } = await text()
    const first = await trainRun(options('out'))
    const before = await contents(join(folder, 'out'))
    const again = await trainRun({
      ...options('out'),
      resume: true,
      onEvent: () => expect.unreachable('it trained'),
    })
    expect(again).toEqual(first)
    expect(await contents(join(folder, 'out'))).toEqual(before)
  })

  it('says that it computes on other threads, whose bits differ', async () => {
    const { options } = await text()
    await trainRun({ ...options('out'), threads: 1 })
    const notes: string[] = []
    await trainRun({ ...options('out'), threads: 2, resume: true, onNote: note => notes.push(note) })
    expect(notes).toContain(
      'Resumed with another computedBy: "Engine: onnx, 2 threads", before it was "Engine: onnx, 1 thread".',
    )
  })

  it('must be the same run, of the same data', async () => {
    const { folder, data, options } = await text()
    const out = options('out')
    await trainRun(out)
    const resume = (changes: Partial<TrainRunOptions>) => trainRun({ ...out, ...changes, resume: true })
    await expect(resume({ learningRate: 1 })).rejects.toThrow(
      'learningRate must be what the run began with where it is resumed: 0.00005. Received: 1. ' +
        'Resume with the same, or start anew with --overwrite.',
    )
    await expect(resume({ overwrite: true })).rejects.toThrow(
      '--resume cannot be given together with --overwrite',
    )
    await expect(trainRun(out)).rejects.toThrow(
      'which holds a run. Choose another folder, go on with --resume,',
    )
    await mkdir(join(folder, 'other'))
    await writeFile(join(folder, 'other/config.json'), '{"model_type": "maf"}')
    await expect(resume({ out: join(folder, 'other') })).rejects.toThrow('--resume needs the folder of a run')
    const train = (await readdir(data)).find(name => name.startsWith('train'))!
    await appendFile(join(data, train), 'new\tO\n\n')
    await expect(resume({})).rejects.toThrow(/^data, train must be what the run began with/)
    expect((await readdir(folder)).filter(name => name.startsWith('.'))).toEqual([])
  })
})
