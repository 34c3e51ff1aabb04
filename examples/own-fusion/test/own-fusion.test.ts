import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import type { PictureBatch } from '@mafjs/data'
import { createMafProgram, loadCheckpoint, type Maf, saveCheckpoint, tag } from '@mafjs/ner-maf'
import { maskFromLengths, normal, type Parameters } from '@mafjs/tensor'
import { checkConformance, encodingInput, tensorInput } from '@mafjs/tensor/testing'
import { takeSnapshot } from '@mafjs/train'
import '@tensorflow/tfjs-backend-cpu'
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { configOf, drawPosts, MEASURES, PICTURE_SIZE, trainModel } from '../demo-task'
import { buildWithFilm, createFilm } from '../film-fusion'

test('the module and its place in MAF are less than 40 lines', () => {
  const lines = readFileSync(new URL('../film-fusion.ts', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
  expect(lines.length).toBeLessThan(40)
})

describe('FiLM', () => {
  test('keeps every rule of a module', async () => {
    await tf.setBackend('cpu')
    const findings = await checkConformance({
      create: createFilm,
      config: { hidden: 5, seed: 3 },
      dimensions: { batch: 4, tokens: 3, hidden: 5 },
      inputs: { text: encodingInput('tokens', 'hidden'), states: tensorInput(['batch', 'tokens', 'hidden']) },
      outputs: { states: ['batch', 'tokens', 'hidden'] },
      exempt: {
        dtype: 'it leaves checks of its inputs to MAF, for brevity',
        'wrong-shape': 'the same',
      },
    })
    expect(findings).toEqual([])
  })

  test('equals the formula, written as loops over plain numbers', async () => {
    await tf.setBackend('cpu')
    const [tokens, hidden] = [3, 2]
    const film = createFilm({ hidden, seed: 0 })
    const parameters: Parameters = film.parameters()
    for (const [i, variable] of Object.values(parameters).entries()) {
      variable.assign(tf.tensor(normal(variable.size, { seed: i, site: 'film' }), variable.shape))
    }
    const [text, image] = ['text', 'image'].map(site => normal(tokens * hidden, { seed: 1, site }))
    const encoding = {
      states: tf.tensor3d(text!, [1, tokens, hidden]),
      summary: tf.zeros<tf.Rank.R2>([1, hidden]),
      mask: maskFromLengths([tokens]),
    }
    const { states } = film.apply({ text: encoding, states: tf.tensor3d(image!, [1, tokens, hidden]) })
    const at = (name: string, token: number, out: number): number => {
      const [weight, bias] = [`${name}.weight`, `${name}.bias`].map(key => parameters[key]!.dataSync())
      const products = [0, 1].map(i => weight![out * hidden + i]! * image![token * hidden + i]!)
      return bias![out]! + products[0]! + products[1]!
    }
    for (const [i, value] of states.dataSync().entries()) {
      const [token, out] = [Math.floor(i / hidden), i % hidden]
      expect(value).toBeCloseTo((1 + at('gamma', token, out)) * text![i]! + at('beta', token, out), 5)
    }
  })
})

test('pictures come in rows of their posts, and none for a post without one', async () => {
  const { train, pictures } = drawPosts({ train: 60, valid: 1, test: 1 }, 2)
  const { pixels, present } = (await pictures.load(train)) as PictureBatch
  expect([...present]).toEqual(train.map(({ kind }) => (kind === 'no-picture' ? 0 : 1)))
  const size = PICTURE_SIZE ** 2 * 3
  const row = (i: number) => pixels.data.subarray(i * size, (i + 1) * size)
  for (const [i, there] of present.entries()) expect(row(i).some(value => value !== 0)).toBe(there === 1)
  const again = (await pictures.load([train[3]!])) as PictureBatch
  expect(again.pixels.data).toEqual(row(3))
})

const tagsOf = async (
  model: Maf,
  posts: ReturnType<typeof drawPosts>,
  engine: Awaited<ReturnType<typeof useEngine>>,
) => {
  const program = createMafProgram(model, engine)
  const { tokenizer, pictures, test: held } = posts
  const tagged = await tag(held, { model, program, tokenizer, pictures })
  await program.dispose()
  return tagged
}

test('MAF with it is trained, saved, and loaded by its factory alone', async () => {
  const engine = await useEngine({ engine: 'onnx', threads: 1 })
  const posts = drawPosts({ train: 16, valid: 4, test: 30 }, 3)
  const model = buildWithFilm(configOf(posts, 1, true))
  const before = model.parameters()['fusion.gamma.weight']!.dataSync().slice()
  const scores = await trainModel(model, posts, engine, { epochs: 2, seed: 1 })
  expect(model.parameters()['fusion.gamma.weight']!.dataSync()).not.toEqual(before)
  expect(scores).toHaveLength(4)
  const folder = await mkdtemp(join(tmpdir(), 'maf-own-fusion-'))
  try {
    const place = join(folder, 'model')
    await saveCheckpoint(place, {
      model: model.config,
      preprocessing: { splitter: 'tweet', maxLength: 48, pictureSize: PICTURE_SIZE },
      tokenizer: posts.tokenizer.definition,
      snapshot: await takeSnapshot(model.parameters()),
    })
    await expect(loadCheckpoint(place)).rejects.toThrow(/parts.fuse must be given/)
    const loaded = await loadCheckpoint(place, { parts: { fuse: createFilm } })
    expect(await tagsOf(loaded.model, posts, engine)).toEqual(await tagsOf(model, posts, engine))
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('every kind of posts that is measured is one of the corpus', () => {
  const { test } = drawPosts({ train: 60, valid: 1, test: 60 }, 2)
  const counts = Object.values(MEASURES).map(kind => test.filter(post => kind.test(post.kind)).length)
  expect(counts[0]).toBe(60)
  for (const count of counts.slice(1)) expect(count).toBeGreaterThan(0)
})
