import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type FrozenImageEncoder, preparationOf } from '@mafjs/encoders'
import { uniform } from '@mafjs/tensor'
import { describe, expect, it } from 'vitest'
import type { Post } from '../../src'
import { openFeatureCache } from '../../src/features/feature-cache'
import { createFeatureStore, type FeatureStoreOptions } from '../../src/features/feature-store'
import type { FeatureType } from '../../src/features/features'
import { folderWith } from '../files'
import { damage, entriesOf, sizeOf } from './cache-files'

const SIDE = 2
const [REGIONS, CHANNELS] = [4, 3]
const SOURCE = '5'.repeat(64)

const posts = (...images: (string | undefined)[]): Post[] =>
  images.map((image, i) => ({
    id: String(i),
    words: ['a'],
    ...(image !== undefined && { image }),
    source: { file: 'f.txt', line: 1 },
  }))

/** Two by two pixels, each a region of its own; what there is of no picture is no zero, as of a ResNet. */
function encoder(onEncode: () => void): FrozenImageEncoder {
  return {
    channels: CHANNELS,
    preparation: preparationOf({ pictureSize: SIDE }),
    threads: 2,
    identity: async () => SOURCE,
    async encode(image) {
      onEncode()
      const present = image.present.data[0]!
      const states = image.pixels.data.map(value => Math.fround(Math.sin(value) + 0.1))
      const summary = Float32Array.from({ length: CHANNELS }, (_, c) => states[c]! / 3)
      return {
        states: { data: states, shape: [1, REGIONS, CHANNELS] },
        summary: { data: summary, shape: [1, CHANNELS] },
        mask: { data: new Float32Array(REGIONS).fill(present), shape: [1, REGIONS] },
      }
    },
    dispose: async () => {},
  }
}

interface Given extends Partial<FeatureStoreOptions> {
  source?: string
  limit?: number
}

/** A folder of pictures whose pixels are drawn from their bytes, a cache beside it, and stores over both. */
async function workplace(names: readonly string[]) {
  const folder = await folderWith()
  const [images, root] = [join(folder, 'images'), join(folder, 'cache')]
  await mkdir(images)
  for (const name of names) await writeFile(join(images, name), `picture ${name}`)
  const open = async ({
    source = SOURCE,
    limit = 1e9,
    type = 'float32' as FeatureType,
    ...options
  }: Given = {}) => {
    const asked = { decoded: [] as string[], encoded: 0, notes: [] as string[] }
    const cache = await openFeatureCache({
      root,
      limit,
      source,
      type,
      onNote: note => asked.notes.push(note),
    })
    const store = createFeatureStore({
      images,
      load: async from => {
        const text = String(typeof from === 'string' ? await readFile(from) : Buffer.from(from))
        asked.decoded.push(text)
        if (text.includes('broken')) throw new Error(`picture of ${text.length} bytes: it is no picture.`)
        return { pixels: uniform(SIDE * SIDE * 3, { seed: 1, site: text }), width: SIDE, height: SIDE }
      },
      encoder: encoder(() => asked.encoded++),
      type,
      memory: 0,
      cache,
      ...options,
    })
    return { store, asked, cache }
  }
  return { images, root, open }
}

describe('a store of features', () => {
  it('gives the same bits cold, warm, half of each, and whatever is beside a picture in its batch', async () => {
    const { root, open } = await workplace(['a', 'b', 'c'])
    const batch = posts('a', undefined, 'b', 'a', 'c')
    const cold = await open()
    const first = await cold.store.load(batch)
    expect(first.states.shape).toEqual([5, REGIONS, CHANNELS])
    expect([...first.present]).toEqual([1, 0, 1, 1, 1])
    expect([...first.mask.data.subarray(REGIONS, 2 * REGIONS)]).toEqual([0, 0, 0, 0])
    expect(cold.store.counts()).toEqual({ cached: 0, computed: 3, broken: 0 })

    const warm = await open()
    await warm.store.ahead(batch)
    expect(await warm.store.load(batch)).toEqual(first)
    expect(warm.asked).toEqual({ decoded: [], encoded: 0, notes: [] })
    expect(warm.store.counts()).toEqual({ cached: 3, computed: 0, broken: 0 })

    await rm(join(root, (await entriesOf(root)).find(file => !file.includes('none'))!))
    const half = await open()
    expect(await half.store.load(batch)).toEqual(first)
    expect(half.store.counts()).toEqual({ cached: 2, computed: 1, broken: 0 })
    const single = await (await open()).store.load(posts('c'))
    const row = REGIONS * CHANNELS
    expect(single.states.data).toEqual(first.states.data.slice(4 * row))
  })

  it('knows a picture by its content: another name is the same, another content is not', async () => {
    const { images, open } = await workplace(['a', 'b'])
    await (await open()).store.load(posts('a', 'b'))
    await writeFile(join(images, 'copy of a'), 'picture a')
    await writeFile(join(images, 'b'), 'another picture')
    const { store, asked } = await open()
    await store.load(posts('copy of a', 'b'))
    expect(asked.decoded).toEqual(['another picture'])
    expect(store.counts()).toEqual({ cached: 1, computed: 1, broken: 0 })
  })

  it.each([
    ['of another encoder or transform', { source: '6'.repeat(64) }],
    ['of the other type', { type: 'float16' as const }],
  ])('never takes an entry %s', async (_, other) => {
    const { open } = await workplace(['a'])
    await (await open()).store.load(posts('a'))
    const { store } = await open(other)
    await store.load(posts('a'))
    expect(store.counts()).toMatchObject({ cached: 0, computed: 1 })
  })

  it.each(['flip', 'cut'] as const)('computes damaged entries again (%s), and says so once', async how => {
    const { root, open } = await workplace(['a', 'b'])
    const whole = await (await open()).store.load(posts('a', 'b'))
    const files = await entriesOf(root)
    expect(files).toHaveLength(3)
    for (const file of files) await damage(join(root, file), how)
    const { store, asked } = await open()
    expect(await store.load(posts('a', 'b'))).toEqual(whole)
    expect(store.counts()).toEqual({ cached: 0, computed: 2, broken: 0 })
    expect(asked.notes).toEqual([expect.stringMatching(/^A cache entry is damaged and is computed again/)])
    const mended = await open()
    expect(await mended.store.load(posts('a', 'b'))).toEqual(whole)
    expect(mended.asked).toEqual({ decoded: [], encoded: 0, notes: [] })
  })

  it('names a broken picture once it is asked for, not when it is read ahead; strict refuses it', async () => {
    const { open } = await workplace(['a', 'broken'])
    const { store } = await open()
    await store.ahead(posts('broken', 'a', 'missing'))
    expect(store.broken()).toEqual([])
    const { present } = await store.load(posts('broken', 'a'))
    expect([...present]).toEqual([0, 1])
    expect(store.broken()).toEqual([{ file: 'broken', reason: 'it is no picture' }])
    const strict = await open({ onBrokenPicture: 'stop' })
    await strict.store.ahead(posts('broken'))
    await expect(strict.store.load(posts('broken'))).rejects.toThrow(
      /broken must be a picture that can be decoded. Received: it is no picture\./,
    )
    const known = await open({ broken: [{ file: 'a', reason: 'before' }] })
    await known.store.load(posts('a'))
    expect(known.asked.decoded).toEqual([])
  })

  it('keeps in memory what there is room for, and asks no disk for it again', async () => {
    const { root, open } = await workplace(['a', 'b'])
    const one = 4 * (REGIONS * CHANNELS + CHANNELS + REGIONS)
    const { store, asked } = await open({ memory: one })
    await store.load(posts('a'))
    await store.load(posts('b'))
    for (const file of await entriesOf(root)) await rm(join(root, file))
    await store.load(posts('a', 'b'))
    expect(asked.decoded).toEqual(['picture a', 'picture b', 'picture b'])
  })

  it('in float16 gives cold what it gives warm, and what that changed', async () => {
    const { open } = await workplace(['a', 'b'])
    const exact = await (await open({ source: '7'.repeat(64) })).store.load(posts('a', 'b'))
    const cold = await open({ type: 'float16' })
    const first = await cold.store.load(posts('a', 'b'))
    const warm = await open({ type: 'float16' })
    expect(await warm.store.load(posts('a', 'b'))).toEqual(first)
    expect(warm.asked.encoded).toBe(0)
    const errors = [...exact.states.data].map((x, i) => (first.states.data[i]! - x) / x)
    const { rounding } = warm.store.counts()
    expect(rounding!.largest).toBeGreaterThanOrEqual(Math.max(...errors.map(Math.abs)) * 0.999999)
    expect(rounding).toMatchObject({ largest: expect.closeTo(cold.store.counts().rounding!.largest, 8) })
  })
})

describe('a cache with a bound', () => {
  const names = Array.from({ length: 12 }, (_, i) => String.fromCharCode(97 + i))

  it('lets go what was used longest ago, and reads what it let go as missing', async () => {
    const { root, open } = await workplace(names)
    await (await open()).store.load(posts(...names))
    const entry = (await sizeOf(root)) / 13
    // Used in the order of their names' digests, an hour apart, the last two days ago.
    const files = await entriesOf(root)
    const day = Date.now() / 1000 - 2 * 86400
    for (const [i, file] of files.entries()) await utimes(join(root, file), day + 3600 * i, day + 3600 * i)
    const used = await open()
    await used.store.load(posts(...names.slice(0, 6)))
    expect(await entriesOf(root)).toEqual(files)
    const { store } = await open({ limit: 10 * entry + 10 })
    const left = await entriesOf(root)
    expect(left).toHaveLength(9)
    // Six pictures and the entry of no picture were used just now.
    await store.load(posts(...names.slice(0, 6)))
    expect(store.counts()).toMatchObject({ cached: 6, computed: 0 })
  })

  it('stays within it while it is written', async () => {
    const { root, open } = await workplace(names)
    await (await open()).store.load(posts('a'))
    const entry = (await sizeOf(root)) / 2
    const limit = 5 * entry + 10
    const { store } = await open({ limit })
    for (const name of names) {
      await store.load(posts(name))
      expect(await sizeOf(root)).toBeLessThanOrEqual(limit)
    }
    expect(store.counts()).toMatchObject({ computed: 11 })
  })

  it('removes what killed writers left, and nothing that is not its own', async () => {
    const { root, open } = await workplace(['a'])
    await open()
    const [old, fresh, foreign] = ['partial/1-old', 'partial/1-new', 'notes.safetensors'].map(name =>
      join(root, name),
    )
    for (const file of [old!, fresh!, foreign!]) await writeFile(file, 'x'.repeat(1000))
    await utimes(old!, 1e9, 1e9)
    await open({ limit: 1 })
    await expect(readFile(old!)).rejects.toThrow('ENOENT')
    await readFile(fresh!)
    await readFile(foreign!)
  })

  it('that cannot be written says so once, and the run goes on', async () => {
    const { root, open } = await workplace(['a', 'b'])
    const { store, asked } = await open()
    await rm(root, { recursive: true })
    await writeFile(root, 'a file where the folder was')
    await store.load(posts('a', 'b'))
    expect(asked.notes).toEqual([
      expect.stringMatching(/^Features can no longer be saved in .*; the run goes on/),
    ])
    await expect(open()).rejects.toThrow('featureCache must be a folder that can be made and written.')
  })
})
