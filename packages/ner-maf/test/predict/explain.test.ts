import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useBackend } from '@mafjs/compile/engine'
import { collate } from '@mafjs/data'
import { loadPicture, preparationOf } from '@mafjs/encoders'
import { type ExplainedPicture, regionBoxes } from '@mafjs/explain'
import * as tf from '@tensorflow/tfjs-core'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadCheckpoint } from '../../src/checkpoint/load-checkpoint'
import { loadMaf, type MafAnnotator } from '../../src/predict/load-maf'
import { PICTURE_SIZE, tinyMaf, writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint'
import { BOTH_ENGINES } from '../engine/both-engines'
import { batchTensors } from '../model/batch-tensors'

/** The mean colour, exactly: what is painted in it is 0 for the model. */
const MEAN = { r: 51, g: 102, b: 153 }
const preparation = {
  pictureResize: PICTURE_SIZE,
  pictureTransform: {
    ...({ fit: 'crop', resample: 'bilinear', halfPixel: 'even' } as const),
    mean: [0.2, 0.4, 0.6],
    deviation: [0.25, 0.25, 0.25],
  },
}

const noise = Buffer.from(
  Uint8Array.from({ length: PICTURE_SIZE ** 2 * 3 }, (_, i) => (i * 89 + (i % 7) * 50) % 256),
)
const noisy = () => sharp(noise, { raw: { width: PICTURE_SIZE, height: PICTURE_SIZE, channels: 3 } })

describe.each(BOTH_ENGINES)('engine %s', (_, engine) => {
  let root: string
  let folder: string
  let maf: MafAnnotator
  let image: Buffer
  beforeAll(async () => {
    await useBackend('cpu')
    root = await mkdtemp(join(tmpdir(), 'maf-explain-'))
    folder = join(root, 'model')
    await writeTinyCheckpoint(folder, { preparation })
    maf = await loadMaf(folder, engine)
    image = await noisy().png().toBuffer()
  })
  afterAll(async () => {
    await maf.dispose()
    await rm(root, { recursive: true })
  })

  test('says what annotate says, and what the model computes at the first piece of each word', async () => {
    const text = 'pal loves kevin'
    const said = await maf.explain({ text, image })
    const { entities, match } = await maf.annotate({ text, image })
    expect(said.entities.map(({ score: _, ...span }) => span)).toEqual(
      entities.map(({ score: _, ...span }) => span),
    )
    expect(said.match).toBeCloseTo(match!, 5)
    await useBackend('cpu')
    const { model, tokenizer, config } = await loadCheckpoint(folder)
    const words = text.split(' ')
    const batch = collate([{ id: '', words, source: { file: '', line: 1 } }], { tokenizer })
    const { pixels } = await loadPicture(
      image,
      preparationOf({ pictureSize: PICTURE_SIZE, ...config.preprocessing }),
    )
    const { fusion, interaction } = model.apply(
      {
        ...batchTensors(model.config, batch),
        image: { pixels: tf.tensor4d(pixels, [1, PICTURE_SIZE, PICTURE_SIZE, 3]), present: tf.ones([1]) },
      },
      { attention: true },
    )
    const gates = fusion!.gate!.arraySync()[0]!
    const weights = interaction!.attention!.arraySync()[0]!
    // [CLS] p ##a ##l loves kevin [SEP]
    for (const [word, token] of [1, 4, 5].entries()) {
      const { gate, attention, probabilities, label, occlusion } = said.words[word]!
      expect(gate!.mean).toBeCloseTo(
        gates[token]!.reduce((sum, one) => sum + one, 0) / gates[token]!.length,
        5,
      )
      const heads = weights.map(head => head[token]!)
      for (const [head, list] of heads.entries()) {
        expect(attention!.heads[head]).toEqual(list.map(weight => expect.closeTo(weight, 5)))
      }
      expect(attention!.mean).toEqual(
        heads[0]!.map((_, region) => expect.closeTo((heads[0]![region]! + heads[1]![region]!) / 2, 5)),
      )
      expect(probabilities!.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 9)
      expect(said.labels).toContain(label)
      expect(occlusion).toBeNull()
    }
    expect(said.words.map(({ start, end }) => text.slice(start, end))).toEqual(words)
    expect(said.notes).toEqual([])
    model.dispose()
  })

  test('occlusion is what the post with that region painted over says', async () => {
    const text = 'kevin loves paris'
    const whole = await maf.explain({ text, image }, { occlusion: true })
    const half = PICTURE_SIZE / 2
    for (const region of [0, 1, 2, 3]) {
      const patch = { create: { width: half, height: half, channels: 3 as const, background: MEAN } }
      const [left, top] = [(region % 2) * half, Math.floor(region / 2) * half]
      const painted = await noisy()
        .composite([{ input: patch, left, top }])
        .png()
        .toBuffer()
      const hidden = await maf.explain({ text, image: painted })
      for (const [word, { label, probabilities, occlusion }] of whole.words.entries()) {
        const place = whole.labels.indexOf(label)
        const fall = probabilities![place]! - hidden.words[word]!.probabilities![place]!
        expect(occlusion).toHaveLength(4)
        expect(occlusion![region]).toBeCloseTo(fall, 5)
      }
    }
    expect(whole.words.some(({ occlusion }) => occlusion!.some(fall => Math.abs(fall) > 1e-3))).toBe(true)
  })

  test('what if: without the picture and with another it says what those posts say', async () => {
    const text = 'kevin loves paris'
    const other = await sharp({ create: { width: 30, height: 20, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    const { whatIf, pictures, entities } = await maf.explain(
      { text, image },
      { withoutPicture: true, otherPicture: other },
    )
    expect(whatIf.map(({ picture, pictures }) => [picture, pictures.length])).toEqual([
      ['none', 0],
      ['other', 1],
    ])
    const alone = await Promise.all([{ text }, { text, image: other }].map(post => maf.annotate(post)))
    for (const [i, one] of whatIf.entries()) {
      expect(one.entities).toEqual(
        alone[i]!.entities.map(entity => ({ ...entity, score: expect.closeTo(entity.score, 5) })),
      )
      expect(one.changes.length).toBeGreaterThan(0)
    }
    expect(whatIf[0]!.match).toBeNull()
    expect(whatIf[1]!.pictures[0]).toMatchObject({ name: 'images[0]', width: 30, height: 20 })
    expect(pictures).toHaveLength(1)
    expect(entities).toEqual((await maf.explain({ text, image })).entities)
  })

  test('long posts in windows, several pictures, and what has nothing to show', async () => {
    const windows = await loadMaf(folder, { ...engine, longTexts: 'window', windowOverlap: 4 })
    const text = Array.from({ length: 30 }, (_, i) => (i % 3 ? 'kevin' : 'pal')).join(' ')
    const long = await windows.explain({ text, images: [image, image] }, { occlusion: true })
    await windows.dispose()
    expect(long.words).toHaveLength(30)
    for (const { probabilities, gate, attention, occlusion } of long.words) {
      expect(probabilities).toHaveLength(5)
      expect(gate!.mean).toBeGreaterThan(0)
      expect(attention!.mean).toHaveLength(8)
      expect(attention!.mean.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5)
      expect(occlusion).toHaveLength(8)
    }
    expect(long.pictures.map(({ name }) => name)).toEqual(['images[0]', 'images[1]'])
    const cut = await maf.explain({ text, image })
    expect(cut.cutWords).toBeGreaterThan(0)
    expect(cut.words.at(-1)).toMatchObject({ label: 'O', probabilities: null, gate: null, attention: null })
    const alone = await maf.explain({ text: 'kevin' }, { occlusion: true, withoutPicture: true })
    expect(alone.words[0]).toMatchObject({ gate: null, attention: null, occlusion: null })
    expect(alone).toMatchObject({ pictures: [], whatIf: [], notes: [expect.stringMatching('no picture')] })
    expect(await maf.explain({ text: ' ', image })).toMatchObject({ words: [], entities: [] })
    const broken = await maf.explain(
      { text: 'kevin', images: [Buffer.from('no picture'), image] },
      { onBrokenPicture: 'skip' },
    )
    expect(broken.pictures.map(({ name }) => name)).toEqual(['images[1]'])
    expect(broken.skippedPictures).toHaveLength(1)
  })
})

test('options that break a rule are refused by name', async () => {
  const maf = await tinyMaf({ pictures: false })
  const explain = (options: object) => maf.explain({ text: 'kevin' }, options)
  await expect(explain({ occlusion: 'yes' })).rejects.toThrow('occlusion must be true or false')
  await expect(explain({ otherPicture: 7 })).rejects.toThrow('otherPicture must be a path')
  await expect(explain({ minScore: 2 })).rejects.toThrow('minScore must be from 0 to 1')
  await expect(explain({ occlusion: true })).rejects.toThrow('occlusion must be left out of a model of text')
  expect((await explain({})).notes).toEqual([expect.stringMatching('text alone')])
  await maf.dispose()
})

describe('regions lie on the picture as a person sees it', () => {
  const [width, height] = [60, 32]
  /** Upright, the mark lies here: in the part that is left after cropping, near a corner of it. */
  const mark = { left: 40, top: 20, width: 6, height: 6 }
  const preparing = preparationOf({ pictureSize: 28, pictureResize: 32 })

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('EXIF orientation %i', async orientation => {
    const upright = await sharp({ create: { width, height, channels: 3, background: 'black' } })
      .composite([
        {
          input: { create: { width: mark.width, height: mark.height, channels: 3, background: 'white' } },
          ...{ left: mark.left, top: mark.top },
        },
      ])
      .png()
      .toBuffer()
    // The inverse of what a viewer does: mirrored and turned back.
    const undo = [
      [0, false],
      [0, true],
      [180, false],
      [180, true],
      [90, true],
      [270, false],
      [270, true],
      [90, false],
    ] as const
    const [angle, mirrored] = undo[orientation - 1]!
    const turned = await sharp(upright).rotate(angle).toBuffer()
    const stored = await sharp(mirrored ? await sharp(turned).flop().toBuffer() : turned)
      .withMetadata({ orientation })
      .webp({ lossless: true })
      .toBuffer()
    const { pixels, upright: seen } = await loadPicture(stored, preparing)
    expect([seen.width, seen.height]).toEqual([width, height])
    const grid = { rows: 7, columns: 7 }
    const sums = new Array<number>(49).fill(0)
    for (let y = 0; y < 28; y++) {
      for (let x = 0; x < 28; x++) {
        const region = Math.floor(y / 4) * 7 + Math.floor(x / 4)
        sums[region] = sums[region]! + pixels[(y * 28 + x) * 3]!
      }
    }
    const brightest = sums.indexOf(Math.max(...sums))
    const picture: ExplainedPicture = { name: '', ...seen, ...grid }
    const box = regionBoxes(picture)[brightest]!
    expect(box.left * width).toBeGreaterThan(mark.left - 1)
    expect((box.left + box.width) * width).toBeLessThan(mark.left + mark.width + 1)
    expect(box.top * height).toBeGreaterThan(mark.top - 1)
    expect((box.top + box.height) * height).toBeLessThan(mark.top + mark.height + 1)
  })
})
