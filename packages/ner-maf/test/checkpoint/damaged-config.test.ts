import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { completeTextEncoderConfig } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, test } from 'vitest'
import type { CheckpointConfig } from '../../src/checkpoint/checkpoint'
import { loadMaf } from '../../src/predict/load-maf'
import { folderWith } from '../data/files'
import { writeTinyCheckpoint } from './tiny-checkpoint'

beforeAll(() => useBackend('cpu'))

/** What a field's value may become; one that is another of its own kind may be another model. */
const DAMAGES: Readonly<Record<string, unknown>> = {
  ...{
    null: null,
    negative: -1,
    huge: 2 ** 40,
    text: 'x',
    number: '7',
    list: [],
    object: {},
    named: { toString: 1 },
  },
}

/** The places of all fields but those of lists of names. */
function* pathsOf(value: unknown, path: string[] = []): Iterable<string[]> {
  if (path.length > 0) yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) yield* pathsOf(inner, [...path, key])
}

function withField(config: object, path: readonly string[], value: unknown): string {
  const copy = structuredClone(config)
  const holder = path.slice(0, -1).reduce<object>((part, key) => (part as Record<string, object>)[key]!, copy)
  Object.assign(holder, { [path.at(-1)!]: value })
  return JSON.stringify(copy)
}

test('each field of config.json that is damaged is refused in words, or the model answers', async () => {
  const folder = join(await folderWith(), 'model')
  await writeTinyCheckpoint(folder)
  const file = join(folder, 'config.json')
  const config = JSON.parse(await readFile(file, 'utf8')) as CheckpointConfig
  const textEncoder = completeTextEncoderConfig(config.model.textEncoder)
  const whole = { ...config, model: { ...config.model, textEncoder } }
  const wrong: string[] = []
  const taken = new Set<string>()
  let refused = 0
  const before = tf.memory().numTensors
  for (const path of pathsOf({ model: whole.model, preprocessing: whole.preprocessing })) {
    for (const [damage, value] of Object.entries(DAMAGES)) {
      await writeFile(file, withField(whole, path, value))
      const error = await loadMaf(folder, { backend: 'cpu' }).then(
        maf => maf.annotate({ text: 'kevin loves paris' }).then(maf.dispose),
        (error: Error) => error,
      )
      const isSaid = error instanceof InvalidArgumentError && error.message.includes('config.json')
      const isOurs = /Cannot (read|use)|is not (a function|iterable)|not iterable/.test(error?.message ?? '')
      if (isSaid && !isOurs) refused++
      else if (error) wrong.push(`${path.join('.')} ${damage}: ${error}`)
      else taken.add(`${path.join('.')} ${damage}`)
    }
  }
  expect(wrong).toEqual([])
  // Another number may be another model's.
  expect([...taken].filter(field => !/ (huge|negative)$/.test(field))).toEqual([])
  expect(refused).toBeGreaterThan(300)
  expect(tf.memory().numTensors).toBe(before)
})
