import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { InvalidArgumentError } from '@mafjs/tensor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tokenizerOf } from '../../src/checkpoint/tokenizer-of'
import type { ExportConfig } from '../../src/export/export-config'
import { exportRun } from '../../src/export/export-run'
import { loadMaf } from '../../src/predict/load-maf'
import { writePictures } from './posts'
import { writeSmallCheckpoint } from './small-checkpoint'

let root: string
let whole: string
let expected: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-damaged-'))
  whole = join(root, 'export')
  await useBackend('cpu')
  await writeSmallCheckpoint(join(root, 'checkpoint'))
  await writePictures(join(root, 'images'))
  // Numbers beside the model too.
  await exportRun({ model: join(root, 'checkpoint'), out: whole, threads: 1, externalAbove: 1000 })
  await cp(whole, join(root, 'damaged'), { recursive: true })
  expected = await answerOf(whole)
}, 60_000)
afterAll(() => rm(root, { recursive: true }))

/** What a folder says of a post. */
async function answerOf(folder: string): Promise<string> {
  const maf = await loadMaf(folder, { engine: 'onnx', threads: 1 })
  try {
    const post = { text: 'kevin loves paris in sev', image: join(root, 'images/1.png') }
    return JSON.stringify(await maf.annotate(post))
  } finally {
    await maf.dispose()
  }
}

/** What a folder with another content of one file says, or how it is refused. */
async function damagedAnswer(name: string, content: string | Uint8Array): Promise<string | Error> {
  const folder = join(root, 'damaged')
  await writeFile(join(folder, name), content)
  try {
    return await answerOf(folder).catch((error: Error) => error)
  } finally {
    await cp(join(whole, name), join(folder, name))
  }
}

type Json = Record<string, unknown> | unknown[]
const readConfig = async (): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(join(whole, 'config.json'), 'utf8'))

/** The places of all fields; of a list of numbers the first one stands for all. */
function* pathsOf(value: unknown, path: string[] = []): Iterable<string[]> {
  if (path.length > 0) yield path
  if (typeof value !== 'object' || value === null) return
  const entries = Object.entries(value)
  const isNumbers = Array.isArray(value) && typeof value[0] !== 'object'
  for (const [key, inner] of isNumbers ? entries.slice(0, 1) : entries) yield* pathsOf(inner, [...path, key])
}

/** Whether a field describes a part that lies within the graph: nothing but a few sizes of it is read any more. */
const isPart = ([top, part, field]: readonly string[]): boolean =>
  top === 'model' &&
  ['textEncoder', 'imageEncoder', 'alignment', 'interaction', 'matching', 'fusion'].includes(part!) &&
  field !== undefined &&
  !(part === 'textEncoder' && ['kind', 'vocabSize', 'hidden', 'maxPositions'].includes(field))

const DAMAGES: Readonly<Record<string, unknown>> = {
  'left out': undefined,
  null: null,
  negative: -1,
  huge: 4_294_967_296,
  text: 'x',
  'a list': [],
  'an object': {},
}

/** A copy in which one field has another value. */
function withField(config: Json, path: readonly string[], value: unknown): Json {
  const copy = structuredClone(config)
  const holder = path.slice(0, -1).reduce<Json>((part, key) => (part as Record<string, Json>)[key]!, copy)
  const last = path.at(-1)!
  if (value !== undefined) Object.assign(holder, { [last]: value })
  else if (Array.isArray(holder)) holder.splice(Number(last), 1)
  else delete holder[last]
  return copy
}

test('each field of config.json that is damaged is refused by file and field, or plays no part', async () => {
  const config = await readConfig()
  const wrong: string[] = []
  const harmless = new Set<string>()
  const paths = [...pathsOf(config)].filter(path => !isPart(path))
  const names = [...paths.map(path => path.at(-1)!).filter(name => !/^\d+$/.test(name)), 'format']
  let refused = 0
  for (const [place, path] of paths.entries()) {
    // Each field is left out, becomes a text, and one or two of the others; in the next field those have their turn.
    const turn = ([damage]: [string, unknown], at: number): boolean =>
      ['left out', 'text'].includes(damage) || (at + place) % 3 === 0
    for (const [damage, value] of Object.entries(DAMAGES).filter(turn)) {
      const content = JSON.stringify(withField(config, path, value))
      if (content === JSON.stringify(config)) continue
      // Another number is another model; what none is, is refused.
      if (path[0] === 'crf' && typeof value === 'number') continue
      const answer = await damagedAnswer('config.json', content)
      const what = `${path.join('.')} ${damage}`
      if (answer === expected) harmless.add(path.join('.'))
      else if (!(answer instanceof InvalidArgumentError)) wrong.push(`${what}: ${answer}`)
      else if (
        !answer.message.includes('config.json') ||
        !names.some(name => answer.message.includes(name))
      ) {
        wrong.push(`${what}: ${answer.message}`)
      } else refused++
    }
  }
  expect(wrong).toEqual([])
  expect(refused).toBeGreaterThan(170)
  // What only described how the graph was made, and sizes that it has long been made with.
  const others = [...harmless].filter(
    name =>
      !/^model\.(textEncoder|imageEncoder|alignment|interaction|matching|fusion|seed|exchange|lossWeight|dropout)/.test(
        name,
      ),
  )
  expect(others.sort()).toEqual(OPTIONAL)
}, 120_000)

/** Where any text will do, and what was left out or is another one tells nothing: names of lengths, versions and sources. */
const OPTIONAL = [
  ...[0, 1, 2, 3, 4].map(input => `inputs.${input}.shape.0`),
  'maf_version',
  'outputs.0.shape.0',
  'outputs.1.shape.0',
  'sha256',
  'source',
]

describe('a file that is damaged', () => {
  test.each([
    ['config.json', '{"model_type": "maf-onnx"', /config\.json must be JSON/],
    ['config.json', 'null', /config\.json must hold a JSON object/],
    ['config.json', '[]', /config\.json must hold a JSON object/],
    ['tokenizer.json', '{', /tokenizer\.json must be JSON/],
    ['tokenizer.json', 'null', /tokenizer\.json must hold a JSON object/],
  ])('%s: %s', async (name, content, message) => {
    // A config.json that is none makes no export of the folder, which loadMaf then takes for a checkpoint.
    const answer = await damagedAnswer(name, content)
    expect(answer).toBeInstanceOf(InvalidArgumentError)
    expect((answer as Error).message).toMatch(message)
  })

  test('the tokenizer in its parts, which of an earlier version have no digest', async () => {
    const text = await readFile(join(whole, 'tokenizer.json'), 'utf8')
    const other = await damagedAnswer('tokenizer.json', text.replace('kevin', 'nivek'))
    expect(String(other)).toMatch(/tokenizer\.json must be the file whose SHA-256 is/)
    const definition = JSON.parse(text) as Record<string, unknown>
    const config = (await readConfig()) as unknown as ExportConfig
    const make = (content: unknown): Error | undefined => {
      try {
        tokenizerOf(content, config, whole)
        return undefined
      } catch (error) {
        return error as Error
      }
    }
    expect(make(definition)).toBeUndefined()
    const wrong: string[] = []
    const harmless = new Set<string>()
    for (const path of pathsOf(definition)) {
      if (path[1] === 'vocab' && path[2] !== undefined && path[2] !== '[CLS]') continue
      for (const [damage, value] of Object.entries(DAMAGES)) {
        const error = make(withField(definition, path, value))
        if (error === undefined) harmless.add(path.join('.'))
        else if (!(error instanceof InvalidArgumentError && error.message.includes('tokenizer.json'))) {
          wrong.push(`${path.join('.')} ${damage}: ${error}`)
        }
      }
    }
    expect(wrong).toEqual([])
    for (const needed of ['model', 'model.vocab', 'post_processor.single', 'model.type']) {
      expect(harmless).not.toContain(needed)
    }
  })

  test('the model and its numbers: one bit of either, a cut, another place', async () => {
    for (const name of ['model.onnx', 'model.onnx.data']) {
      const bytes = await readFile(join(whole, name))
      const flipped = Uint8Array.from(bytes)
      flipped[flipped.length >> 1]! ^= 1
      for (const content of [flipped, bytes.subarray(0, -100)]) {
        const answer = await damagedAnswer(name, content)
        expect(answer).toBeInstanceOf(InvalidArgumentError)
        expect((answer as Error).message).toContain('model.onnx')
      }
    }
    const config = await readConfig()
    const model = (await readFile(join(whole, 'model.onnx'))).toString('latin1')
    const elsewhere = Buffer.from(model.replaceAll('model.onnx.data', '../el/onnx.data'), 'latin1')
    await writeFile(join(root, 'damaged/config.json'), JSON.stringify({ ...config, sha256: undefined }))
    expect(String(await damagedAnswer('model.onnx', elsewhere))).toMatch(/Received: \.\.\/el\/onnx\.data/)
    // What an earlier version wrote has no digests.
    expect(await answerOf(join(root, 'damaged'))).toBe(expected)
    await cp(join(whole, 'config.json'), join(root, 'damaged/config.json'))
  })
})
