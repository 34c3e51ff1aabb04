import { getEventListeners } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { useEngine } from '@mafjs/compile/engine'
import type { PostInput } from '@mafjs/data'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { MafAnnotator } from '../../src/predict/load-maf'
import { tinyMaf } from '../checkpoint/tiny-checkpoint'
import { BOTH_ENGINES } from '../engine/both-engines'

const ENGINES = [...BOTH_ENGINES, ['worker', { engine: 'onnx', threads: 1, worker: true }] as const] as const
const WHY = new Error('the user has left')

let post: PostInput
beforeAll(async () => {
  const image = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#7b2' } })
    .png()
    .toBuffer()
  post = { text: 'kevin loves paris', images: [image, image] }
})

/** What a call has become when nothing but promises that are settled already went on. */
async function soon(call: Promise<unknown>): Promise<unknown> {
  let outcome: unknown = 'still waiting'
  const settle = (given: unknown): void => {
    outcome = given
  }
  call.then(() => settle('a result'), settle)
  for (let i = 0; i < 50; i++) await null
  return outcome
}

/** Posts without end, of which the third is never given where the source is silent; and what became of them. */
function source({ isSilent = false } = {}) {
  const state = { pulled: 0, closed: 0 }
  const posts: AsyncIterable<PostInput> = {
    [Symbol.asyncIterator]: () => ({
      next() {
        state.pulled += 1
        return isSilent && state.pulled > 2 ? new Promise(() => {}) : Promise.resolve({ value: post })
      },
      async return() {
        state.closed += 1
        return { value: undefined, done: true }
      },
    }),
  }
  return { posts, state }
}

const listeners = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length

describe.each(ENGINES)('engine %s', (_, engine) => {
  let maf: MafAnnotator
  beforeAll(async () => {
    await useEngine(engine)
    maf = await tinyMaf({}, engine)
  })
  afterAll(() => maf.dispose())

  test('a call that is aborted before it starts reads nothing', async () => {
    const unread = {
      get text(): string {
        throw new Error('It was read.')
      },
    }
    await expect(maf.annotate(unread, { signal: AbortSignal.abort(WHY) })).rejects.toBe(WHY)
  })

  test('a call that is aborted, whenever that is, rejects at once; others go on', async () => {
    const expected = await maf.annotate(post)
    const outcomes: unknown[] = []
    for (let turns = 0; turns < 12; turns++) {
      const controller = new AbortController()
      const { signal } = controller
      const [call, other] = [maf.annotate(post, { signal }), maf.annotate(post)]
      for (let turn = 0; turn < turns; turn++) await setImmediate()
      controller.abort(WHY)
      outcomes.push(await soon(call))
      expect(await other).toEqual(expected)
      expect(listeners(signal)).toBe(0)
    }
    // While the first picture is decoded, at the least.
    expect(outcomes.slice(0, 2)).toEqual([WHY, WHY])
    expect(outcomes.filter(outcome => outcome !== WHY && outcome !== 'a result')).toEqual([])
  })

  test('a signal that lives long has no listener left, and none of many is too many', async () => {
    const { signal } = new AbortController()
    const warnings: Error[] = []
    const note = (warning: Error): void => void warnings.push(warning)
    process.on('warning', note)
    await Promise.all(Array.from({ length: 30 }, () => maf.annotate(post, { signal })))
    await maf.annotate({ text: 5 as never }, { signal }).catch(() => {})
    const { posts } = source()
    let taken = 0
    for await (const _ of maf.annotateMany(posts, { batchSize: 2, signal })) if (++taken === 9) break
    await setImmediate()
    process.off('warning', note)
    expect([listeners(signal), warnings]).toEqual([0, []])
  })

  test.each<[string, number, { isSilent: boolean }]>([
    ['before it is read', 0, { isSilent: false }],
    ['between the results of a batch', 1, { isSilent: false }],
    ['while a batch is computed', 2, { isSilent: false }],
    ['while its source is silent', 2, { isSilent: true }],
  ])('a stream that is aborted %s rejects at once and closes its source', async (when, taken, options) => {
    const controller = new AbortController()
    const { signal } = controller
    const { posts, state } = source(options)
    const many = maf.annotateMany(posts, { batchSize: 2, window: 2, signal })
    for (let i = 0; i < taken; i++) expect((await many.next()).value).toHaveProperty('annotation')
    const isUnderWay = taken === 2
    let next: Promise<unknown> | undefined
    if (isUnderWay) {
      next = many.next()
      await setImmediate()
    }
    controller.abort(WHY)
    let outcome = await soon(next ?? many.next())
    // A window that was read ahead may be computed by then: what was asked for before the end is given.
    if (isUnderWay && outcome === 'a result') outcome = await soon(many.next())
    expect(outcome, when).toBe(WHY)
    expect((await many.next()).done).toBe(true)
    expect([state.closed, listeners(signal)]).toEqual([1, 0])
    // One window is taken, and two are read ahead.
    expect(state.pulled).toBeLessThanOrEqual([0, 6, 6][taken]!)
  })

  test('what is no signal is refused', async () => {
    const signal = new AbortController() as unknown as AbortSignal
    const rule = 'signal must be an AbortSignal. Received: object. Give the signal of a controller'
    await expect(maf.annotate(post, { signal })).rejects.toThrow(rule)
    await expect(maf.annotateMany([post], { signal }).next()).rejects.toThrow(rule)
  })
})

test('a model that is disposed while a source is silent leaves no listener on the signal', async () => {
  const maf = await tinyMaf()
  const { posts, state } = source({ isSilent: true })
  const { signal } = new AbortController()
  const next = maf.annotateMany(posts, { batchSize: 3, signal }).next()
  await setImmediate()
  await maf.dispose()
  await expect(next).rejects.toThrow('model must not be used after dispose()')
  expect([state.closed, listeners(signal)]).toEqual([1, 0])
})

test('what ends in the background is waited for by dispose', async () => {
  const engine = { engine: 'onnx', threads: 1, worker: true } as const
  const maf = await tinyMaf({}, engine)
  const controller = new AbortController()
  const call = maf.annotate(post, { signal: controller.signal })
  controller.abort(WHY)
  const disposed = maf.dispose()
  expect(await soon(call)).toBe(WHY)
  expect(await soon(disposed)).toBe('still waiting')
  await disposed
})
