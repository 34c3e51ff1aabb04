import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { useBackend } from '@mafjs/compile/engine'
import { uniform } from '@mafjs/tensor'
import { InterruptedError } from '@mafjs/train'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trainRun } from '../../src/train/train-run'
import type { TrainRunOptions } from '../../src/train/train-run-options'
import { FROM_SOURCE } from '../from-source'
import { contents } from './contents'
import { writeResNet, writeTask, writeTaskIn } from './run-files'

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

/** A run with a frozen ResNet, a broken picture, dropout and exchanges, and a checkpoint at every other step. */
async function withPictures() {
  const { folder, data, images, textEncoder, corpus } = await writeTask({ train: 16, valid: 4, test: 4 })
  const { file } = await writeResNet(folder)
  await writeFile(join(images, corpus.train.find(({ image }) => image)!.image!), 'no picture')
  const options = (out: string): TrainRunOptions => ({
    ...{ data, images, textEncoder, imageEncoder: file, randomTextEncoder: true, maxLength: 64 },
    ...{ epochs: 2, batchSize: 8, learningRate: 1e-2, checkpointEvery: 2, layerDecay: 0.9, seed: 5 },
    ...{ engine: 'onnx', threads: 1, out: join(folder, out) },
  })
  return { folder, options }
}

beforeAll(() => useBackend('wasm'))

// What else a kill can meet is tried on a tiny task, by the tests of @mafjs/train.
it('killed after a step, and inside a checkpoint, a run ends with the bytes of one that never was', {
  timeout: 240_000,
}, async () => {
  const { folder, options } = await withPictures()
  await trainRun({ ...options('whole'), featureCache: 'none' })
  // Its cache is filled by and by, by processes that are killed.
  const killed = { ...options('killed'), featureCache: join(folder, 'cache'), resume: true }
  const [later, share] = uniform(2, { seed: Date.now() % 1e9, site: 'moments' })
  const { child, lines, ended } = start(killed)
  while (lines.length === 0 && child.exitCode === null) await setTimeout(5)
  await setTimeout(later! * 120)
  child.kill('SIGKILL')
  await ended
  const call = 1 + Math.floor(share! * 40)
  const [code, signal] = await start(killed, call).ended
  const told = `killed after ${Math.round(later! * 120)} ms and steps ${lines}, then at call ${call}: ${signal ?? code}`
  await trainRun(killed)
  const [whole, resumed] = [await contents(join(folder, 'whole')), await contents(join(folder, 'killed'))]
  expect(Object.keys(resumed).sort(), told).toEqual(Object.keys(whole).sort())
  for (const [name, content] of Object.entries(whole)) {
    expect(resumed[name] === content, `${name} differs\n${told}`).toBe(true)
  }
  expect((await readdir(folder)).sort()).toEqual(['cache', 'data', 'killed', 'resnet.safetensors', 'whole'])
})

describe('a run that goes on', () => {
  let task: Awaited<ReturnType<typeof writeTaskIn>>
  const options = (out: string): TrainRunOptions => ({
    ...{ data: task.data, textEncoder: task.textEncoder, randomTextEncoder: true, maxLength: 64 },
    ...{ epochs: 3, batchSize: 8, threads: 1, out: join(task.folder, out) },
  })
  // A run of text alone that has ended; what goes on with it works on a copy.
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'maf-resume-'))
    task = await writeTaskIn(folder, { train: 16, valid: 4, test: 4 })
    whole = await trainRun(options('whole'))
  })
  let whole: Awaited<ReturnType<typeof trainRun>>
  afterAll(() => rm(task.folder, { recursive: true }))
  async function copyOfWhole(): Promise<TrainRunOptions> {
    const out = await mkdtemp(join(task.folder, 'out-'))
    await cp(join(task.folder, 'whole'), out, { recursive: true })
    return { ...options('whole'), out }
  }

  it.each([3, 4])('was asked to stop at step %i, and stopped with a checkpoint', async stopping => {
    const out = `stopped-${stopping}`
    const controller = new AbortController()
    const stopped = trainRun({
      ...options(out),
      signal: controller.signal,
      onEvent: event => event.type === 'step' && event.step === stopping && controller.abort(),
    })
    await expect(stopped).rejects.toThrow(new InterruptedError(stopping))
    // A line that a power cut left unfinished, and events of steps that were not saved.
    const file = join(task.folder, out, 'events.jsonl')
    const events = await readFile(file, 'utf8')
    const later = { ...JSON.parse(events.split('\n')[0]!), step: 5, epoch: 3 }
    await appendFile(file, `${JSON.stringify(later)}\n{"type":"st`)
    const notes: string[] = []
    await trainRun({ ...options(out), resume: true, onNote: note => notes.push(note) })
    expect(notes.at(-1)).toBe(`Resumed after step ${stopping}, in epoch ${stopping === 3 ? 2 : 3}.`)
    expect(await contents(join(task.folder, out))).toEqual(await contents(join(task.folder, 'whole')))
  })

  it('has ended: nothing is trained again', async () => {
    const run = await copyOfWhole()
    const onEvent = () => expect.unreachable('it trained')
    expect(await trainRun({ ...run, resume: true, onEvent })).toEqual(whole)
    expect(await contents(run.out)).toEqual(await contents(join(task.folder, 'whole')))
  })

  it('says that it computes on other threads, whose bits differ', async () => {
    const notes: string[] = []
    const run = { ...(await copyOfWhole()), threads: 2 }
    await trainRun({ ...run, resume: true, onNote: note => notes.push(note) })
    expect(notes).toContain(
      'Resumed with another computedBy: "Engine: onnx, 2 threads", before it was "Engine: onnx, 1 thread".',
    )
  })

  it('must be the same run, of the same data', async () => {
    const { folder, data } = task
    const out = await copyOfWhole()
    const resume = (changes: Partial<TrainRunOptions>) => trainRun({ ...out, ...changes, resume: true })
    await expect(resume({ learningRate: 1 })).rejects.toThrow(
      'learningRate must be what the run began with where it is resumed: 0.00005. Received: 1. ' +
        'Resume with the same, or start anew with overwrite: true.',
    )
    await expect(resume({ overwrite: true })).rejects.toThrow(
      'resume cannot be given together with overwrite: true',
    )
    await expect(trainRun(out)).rejects.toThrow(
      'which holds a run. Choose another folder, go on with resume: true,',
    )
    await mkdir(join(folder, 'other'))
    await writeFile(join(folder, 'other/config.json'), '{"model_type": "maf"}')
    await expect(resume({ out: join(folder, 'other') })).rejects.toThrow('resume needs the folder of a run')
    const train = join(data, (await readdir(data)).find(name => name.startsWith('train'))!)
    const text = await readFile(train, 'utf8')
    await writeFile(train, `${text}new\tO\n\n`)
    await expect(resume({})).rejects.toThrow(/^data, train must be what the run began with/)
    await writeFile(train, text)
    expect((await readdir(folder)).filter(name => name.startsWith('.'))).toEqual([])
  })
})
