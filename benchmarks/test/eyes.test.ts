import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import { expect, it, vi } from 'vitest'
import { differenceOf } from '../eyes/differences'
import { poolRegions } from '../studies/encode-pictures'
import { CLASSES } from '../studies/frozen-sentiment'
import { studySentiment } from '../studies/sentiment'
import { keepIn } from '../studies/study'
import type { StudyPair } from '../studies/study-pairs'

it('compares two ways by the means of their runs, post by post', () => {
  const posts = {
    a: [{ right: [1, 0, 0, 0] }, { right: [1, 1, 0, 0] }],
    b: [{ right: [1, 1, 1, 0], other: [0, 0, 0, 0] }],
  }
  const { difference, interval } = differenceOf(posts, 'a', 'b', 'right')
  expect(difference).toBeCloseTo(3 / 4 - 3 / 8, 12)
  // No post is better by a; a sample of posts that are all alike in both has no difference.
  expect(interval[0]).toBeGreaterThanOrEqual(0)
  expect(interval[1]).toBeLessThanOrEqual(1)
  expect(differenceOf(posts, ['b', 'other'], 'b', 'right').difference).toBeCloseTo(3 / 4, 12)
})

it('keeps what was made, and makes it anew from something else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'maf-eyes-'))
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const make = vi.fn(async () => [make.mock.calls.length])
  expect(await keepIn(folder, { encoder: 'a' })('run', make)).toEqual([1])
  expect(await keepIn(folder, { encoder: 'a' })('run', make)).toEqual([1])
  expect(await keepIn(folder, { encoder: 'b' })('run', make)).toEqual([2])
  expect(await readdir(folder)).toEqual(['run.json'])
  await rm(folder, { recursive: true })
})

it('means of regions in windows that share a row and a column, as adaptive pooling has them', () => {
  // 4 x 4 regions to 3 x 3: rows 0-1, 1-2, 2-3. Two channels: the row, and ten times the column.
  const states = Float32Array.from({ length: 32 }, (_, i) => {
    const region = Math.floor(i / 2)
    return i % 2 ? 10 * (region % 4) : Math.floor(region / 4)
  })
  const places = [0.5, 1.5, 2.5]
  expect([...poolRegions(states, 16, 3)]).toEqual(
    places.flatMap(row => places.flatMap(column => [row, 10 * column])),
  )
})

/** Posts whose picture alone says how they feel; the texts are noise. */
const posts = Array.from({ length: 200 }, (_, i): StudyPair => {
  const noise = (salt: number) => Math.sin(12.9898 * (i + 1) * salt)
  const one = Float32Array.from({ length: 4 }, (_, channel) =>
    channel < 3 ? Number(channel === i % 3) + 0.1 * noise(channel + 2) : noise(9),
  )
  const tokens = Float32Array.from({ length: 8 }, (_, at) => noise(at + 3))
  const regions = Float32Array.from({ length: 36 }, (_, at) => one[at % 4]!)
  const hash = [Math.imul(i, 0x9e3779b1), Math.imul(i + 7, 0x85ebca6b)] as const
  const words = `post number${i} says${i}`
  return { words, hash, label: CLASSES[i % 3], text: tokens.slice(0, 4), image: one, tokens, regions }
})

it('finds by other pictures whether a model of both looks at them', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const engine = await useEngine({ engine: 'onnx', threads: 1 })
  const only = ['text and picture']
  const given = { engine, real: posts, epochs: 4, seeds: [0], only }
  const { ways, chosen } = await studySentiment(given)
  const [accuracy, , withOthers] = ways['text and picture']![0]!
  expect(accuracy).toBeGreaterThan(0.9)
  // Of another's picture one in three has the same class.
  expect(withOthers).toBeLessThan(0.5)
  expect(Object.keys(chosen)).toEqual(only)
}, 120_000)
