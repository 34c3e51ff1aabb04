import { createSession, type OnnxGraph, quantizeGraph, type Session } from '@mafjs/compile'
import { useBackend } from '@mafjs/compile/engine'
import { batchPictures, collate, type Post } from '@mafjs/data'
import { beforeAll, describe, expect, test } from 'vitest'
import { graphFeeds, graphPictures, graphProgram } from '../../src/export/graph-feeds'
import { exportMaf } from '../../src/export/maf-graph'
import { createQuantizedProgram } from '../../src/export/quantized-program'
import { type BatchArrays, batchArrays } from '../../src/model/batch-arrays'
import { buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import type { Maf } from '../../src/model/maf'
import { defaultConfig } from '../../src/model/presets'
import { eagerProgram, numbersOf } from '../engine/programs'
import { loadPictures, PICTURE_SIZE, POSTS, tinyMaf, tinyReference, tinyText, tokenizer } from '../model/tiny'

beforeAll(() => useBackend('cpu'))

const [first, second, alone, last] = POSTS as [Post, Post, Post, Post]
const withoutPicture = { ...first, image: undefined }
const several = { ...last, images: ['c.png', 'a.png', 'd.png'] }

/** Batches of different sizes and lengths: all, some and no pictures, in any order. */
const BATCHES: readonly Post[][] = [
  [...POSTS],
  [first],
  [alone],
  [withoutPicture, last, second],
  [alone, withoutPicture],
  [several, first, alone],
]

const resnet: MafConfig = defaultConfig({
  types: ['LOC', 'ORG', 'PER'],
  textEncoder: tinyText().textEncoder as Parameters<typeof defaultConfig>[0]['textEncoder'],
  imageEncoder: { kind: 'resnet', block: 'basic', layers: [1, 1, 1, 1], width: 4 },
  imageSize: 32,
})

const CONFIGS: Record<string, MafConfig> = {
  'text only': tinyText(),
  MAF: tinyMaf(),
  'without matching': tinyMaf({ without: ['matching'] }),
  'fixed length, every piece a step': tinyReference(),
  'with a ResNet': resnet,
}

async function arraysOf(config: MafConfig, posts: readonly Post[]): Promise<BatchArrays> {
  const batch = collate(posts, { tokenizer, padTo: config.padTo })
  return batchArrays(config, batch, config.imageEncoder && (await loadPictures(posts)))
}

const programOf = ({ inputs }: OnnxGraph, session: Session) =>
  graphProgram(session, graphPictures(inputs, PICTURE_SIZE))

const graphOf = (model: Maf) => exportMaf(model, { pictureSize: PICTURE_SIZE })

describe.each(Object.entries(CONFIGS))('%s', (_, config) => {
  test('one graph gives what the model gives, whatever the batch', async () => {
    const model = buildMaf(config)
    const graph = await graphOf(model)
    const program = programOf(graph, await createSession(graph, { threads: 1 }))
    const eager = eagerProgram(model)
    for (const posts of BATCHES) {
      const arrays = await arraysOf(config, posts)
      const expected = await eager.run(arrays)
      const received = await program.run(arrays)
      expect(received['emissions']!.shape).toEqual(expected['emissions']!.shape)
      const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
        Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)))
      expect(distance(numbersOf(received['emissions']), numbersOf(expected['emissions']))).toBeLessThan(1e-5)
      if (expected['match']) {
        expect(distance(numbersOf(received['match']), numbersOf(expected['match']))).toBeLessThan(1e-6)
      }
      // What is compared would be the same if nothing of a picture arrived, unless a picture changes it.
      if (posts === BATCHES[0] && config.imageEncoder) {
        const { image: _, ...blindArrays } = arrays
        const blind = await eager.run(blindArrays)
        expect(distance(numbersOf(blind['emissions']), numbersOf(expected['emissions']))).toBeGreaterThan(
          1e-4,
        )
      }
    }
    await program.dispose()
    model.dispose()
  })

  test('for latency the text encoder attends in one operator a layer, to the same numbers', async () => {
    const model = buildMaf(config)
    const plain = await graphOf(model)
    const fused = await exportMaf(model, { pictureSize: PICTURE_SIZE, profile: 'latency' })
    const count = ({ nodes }: OnnxGraph, wanted: string) => nodes.filter(({ op }) => op === wanted).length
    const { layers } = model.parts.textEncoder.config
    expect([plain, fused].map(graph => count(graph, 'MultiHeadAttention'))).toEqual([0, layers])
    // The text's attention to pictures keeps its weights where they can be read.
    expect(count(plain, 'Softmax') - count(fused, 'Softmax')).toBe(layers)
    const [one, other] = await Promise.all(
      [plain, fused].map(async graph => programOf(graph, await createSession(graph, { threads: 1 }))),
    )
    for (const posts of BATCHES) {
      const arrays = await arraysOf(config, posts)
      const [expected, received] = [await one!.run(arrays), await other!.run(arrays)]
      const emissions = numbersOf(received['emissions'])
      for (const [i, value] of numbersOf(expected['emissions']).entries())
        expect(Math.abs(emissions[i]! - value)).toBeLessThan(1e-5)
    }
    await Promise.all([one!.dispose(), other!.dispose()])
    model.dispose()
  })

  test('every parameter that inference needs is in it, under its own name, once', async () => {
    const model = buildMaf(config)
    const { initializers } = await graphOf(model)
    const names = initializers.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    const unused = Object.keys(model.parameters()).filter(name => !names.includes(name))
    // The CRF decodes outside, the projections of the alignment are for its loss, and the pooler for them.
    expect(unused.filter(name => !/^(crf|alignment)\.|pooler/.test(name))).toEqual([])
    model.dispose()
  })
})

test('int8 is close, image encoder included', async () => {
  const model = buildMaf(resnet)
  const calibration = [await arraysOf(resnet, POSTS)]
  const options = { leastColumns: 8, leastRows: 8, session: { threads: 1 } }
  const { counts } = await quantizeGraph(await graphOf(model), {
    ...options,
    calibration: [graphFeeds(calibration[0]!, { size: PICTURE_SIZE, single: false })],
    weightZeroPoint: 0,
  })
  // A text layer, a cross-modal layer and its projection, both gates, and the head; stem, blocks and their shortcuts.
  expect(counts).toEqual({ products: 6 + 7 + 2 + 1, convolutions: 1 + 8 + 3, tables: 1 })
  const program = await createQuantizedProgram(model, { ...options, calibration, pictureSize: PICTURE_SIZE })
  for (const posts of BATCHES) {
    const batch = await arraysOf(resnet, posts)
    const [expected, received] = [await eagerProgram(model).run(batch), await program.run(batch)]
    const largest = Math.max(...numbersOf(expected['emissions']).map(Math.abs))
    const errors = numbersOf(expected['emissions']).map(
      (value, i) => Math.abs(numbersOf(received['emissions'])[i]! - value) / largest,
    )
    expect(Math.max(...errors)).toBeLessThan(0.05)
    expect(Math.max(...errors)).toBeGreaterThan(0)
  }
  await program.dispose()
  await expect(exportMaf(model)).rejects.toThrow(
    'pictureSize must be given for a model with an image encoder',
  )
  model.dispose()
})

test('an export has places for pictures, or a place for one of each post; a batch of texts has no picture', () => {
  const text = {
    ids: { data: Int32Array.of(1, 2), shape: [2, 1] },
    mask: { data: Float32Array.of(1, 1), shape: [2, 1] },
  }
  const now = { size: 2, single: false }
  const before = { size: 2, single: true }
  const [a, b] = [5, 7].map(value => new Float32Array(12).fill(value))
  const { present: _, ...one } = batchPictures([[], [a!]], { size: 2 })
  const { present: __, ...several } = batchPictures([[b!], [a!, b!]], { size: 2 })
  expect(graphFeeds({ text, image: several }, now)).toEqual({ ...text, ...several })
  expect(graphFeeds({ text, image: one }, before)['choice']).toEqual({
    data: Float32Array.of(0, 1),
    shape: [2, 1],
  })
  expect(graphFeeds({ text }, now)['choice']).toEqual({ data: new Float32Array(0), shape: [2, 1, 0] })
  expect(graphFeeds({ text }, before)['choice']).toEqual({ data: new Float32Array(0), shape: [2, 0] })
  expect(() => graphFeeds({ text, image: several }, before)).toThrow(
    'images must be one picture for this export',
  )
  const { pixels } = one
  const encoding = { states: pixels, summary: pixels, mask: pixels }
  expect(() => graphFeeds({ text, image: encoding }, now)).toThrow('image must be pixels')
})
