import { createSession, quantizeGraph } from '@mafjs/compile'
import { useBackend } from '@mafjs/compile/engine'
import { collate, type Example } from '@mafjs/data'
import { beforeAll, describe, expect, test } from 'vitest'
import { graphFeeds } from '../../src/export/graph-feeds'
import { graphProgram } from '../../src/export/graph-program'
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

const [first, second, alone, last] = POSTS as [Example, Example, Example, Example]
const withoutPicture = { ...first, image: undefined }

/** Batches of different sizes and lengths: all, some and no pictures, in any order. */
const BATCHES: readonly Example[][] = [
  [...POSTS],
  [first],
  [alone],
  [withoutPicture, last, second],
  [alone, withoutPicture],
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

async function arraysOf(config: MafConfig, posts: readonly Example[]): Promise<BatchArrays> {
  const batch = collate(posts, { tokenizer, padTo: config.padTo })
  return batchArrays(config, batch, config.imageEncoder && (await loadPictures(posts)))
}

const graphOf = (model: Maf) => exportMaf(model, { pictureSize: PICTURE_SIZE })

describe.each(Object.entries(CONFIGS))('%s', (_, config) => {
  test('one graph gives what the model gives, whatever the batch', async () => {
    const model = buildMaf(config)
    const graph = await graphOf(model)
    const program = graphProgram(
      await createSession(graph, { threads: 1 }),
      config.imageEncoder && PICTURE_SIZE,
    )
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
    calibration: [graphFeeds(calibration[0]!, PICTURE_SIZE)],
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

test('pictures that are not there are left out, and every post finds its own', () => {
  const picture = (value: number): number[] => new Array<number>(12).fill(value)
  const text = {
    ids: { data: Int32Array.of(1, 2, 3), shape: [3, 1] },
    mask: { data: Float32Array.of(1, 1, 1), shape: [3, 1] },
  }
  const pixels = {
    data: Float32Array.from([...picture(5), ...picture(Number.NaN), ...picture(7)]),
    shape: [3, 2, 2, 3],
  }
  const present = { data: Float32Array.of(1, 0, 1), shape: [3] }
  const { pixels: given, choice } = graphFeeds({ text, image: { pixels, present } }, 2)
  expect(given).toEqual({ data: Float32Array.from([...picture(5), ...picture(7)]), shape: [2, 2, 2, 3] })
  expect(choice).toEqual({ data: Float32Array.of(1, 0, 0, 0, 0, 1), shape: [3, 2] })
  expect(graphFeeds({ text }, 2)['choice']).toEqual({ data: new Float32Array(0), shape: [3, 0] })
  const encoding = { states: pixels, summary: pixels, mask: pixels }
  expect(() => graphFeeds({ text, image: encoding }, 2)).toThrow('image must be pixels')
})
