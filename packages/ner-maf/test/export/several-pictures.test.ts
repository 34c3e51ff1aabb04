import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EngineOptions, useEngine } from '@mafjs/compile/engine'
import type { PostInput } from '@mafjs/data'
import { randomWords } from '@mafjs/tensor'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exportRun } from '../../src/export/export-run'
import type { Annotation } from '../../src/predict/annotation'
import { loadMaf } from '../../src/predict/load-maf'
import { writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint'
import { writeSmallCheckpoint } from './small-checkpoint'

const SIDE = 40

/** A picture of noise, as the bytes of a file. */
function picture(seed: number): Promise<Buffer> {
  const bytes = Uint8Array.from(randomWords(SIDE * SIDE * 3, { seed, site: 'picture' }), word => word & 255)
  return sharp(bytes, { raw: { width: SIDE, height: SIDE, channels: 3 } })
    .png()
    .toBuffer()
}

const TEXT = 'kevin loves paris in nik via los'

let root: string
let posts: PostInput[]
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-several-'))
  await useEngine({ engine: 'onnx', threads: 1 })
  const [a, b, c] = (await Promise.all([1, 2, 3].map(picture))) as [Buffer, Buffer, Buffer]
  posts = [[], [a], [b, a], [c, a, b]].map(images => ({ text: TEXT, images }))
})
afterAll(() => rm(root, { recursive: true }))

/** What a model says of the posts in one stream, and of each alone. */
async function said(folder: string, options: EngineOptions): Promise<[Annotation[], Annotation[]]> {
  const maf = await loadMaf(folder, options)
  const together: Annotation[] = []
  for await (const result of maf.annotateMany(posts)) {
    if ('error' in result) throw result.error
    together.push(result.annotation)
  }
  const alone: Annotation[] = []
  for (const post of posts) alone.push(await maf.annotate(post))
  await maf.dispose()
  return [together, alone]
}

const spans = (annotations: readonly Annotation[]) =>
  annotations.map(({ entities }) => entities.map(({ type, start, end }) => ({ type, start, end })))
const numbers = (annotations: readonly Annotation[]): number[] =>
  annotations.flatMap(({ match, entities }) => [match ?? -1, ...entities.map(({ score }) => score)])

// Of the one the image encoder is a part of the model's program, of the other it is frozen and stands outside.
describe.each([
  ['an image encoder that is trained', writeTinyCheckpoint],
  ['a frozen image encoder', writeSmallCheckpoint],
] as const)('%s', (_, write) => {
  test('posts with 0, 1, 2 and 3 pictures in one stream: the same on both engines and from the export', async () => {
    const [model, out] = [join(root, write.name), join(root, `${write.name}-export`)]
    await write(model)
    await exportRun({ model, out, threads: 1 })
    const [wanted, alone] = await said(model, { backend: 'wasm' })
    const matches = wanted.map(({ match }) => match)
    expect(matches[0]).toBeNull()
    // Every picture tells.
    expect(new Set(matches.map(match => match?.toFixed(5))).size).toBe(4)
    expect(wanted.flatMap(({ entities }) => entities).length).toBeGreaterThan(3)
    const onnx = { engine: 'onnx', threads: 1 } as const
    for (const received of [alone, ...(await said(model, onnx)), ...(await said(out, onnx))]) {
      expect(spans(received)).toEqual(spans(wanted))
      const values = numbers(received)
      for (const [i, value] of numbers(wanted).entries())
        expect(Math.abs(values[i]! - value)).toBeLessThan(1e-4)
    }
  })
})
