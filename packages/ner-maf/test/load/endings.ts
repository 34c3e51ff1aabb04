import { join } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { PostInput } from '@mafjs/data'
import { loadMaf } from '../../src/predict/load-maf'
import { PREDICTORS, type PredictorName, postFor } from './predictors'

// A process that disposes the kinds of predictors while they work, in several ways, and prints what became of each; how it ends
// itself is for the test.
const [root, ...names] = process.argv.slice(2) as [string, ...PredictorName[]]
const failure = (error: Error): string => `${error.name}: ${error.message.split('.')[0]}`

/** The posts one after another, for ever, and whether the stream was closed. */
function source(posts: readonly PostInput[], wait: () => Promise<void> = async () => {}) {
  const state = { closed: false }
  async function* stream(): AsyncGenerator<PostInput> {
    try {
      for (let i = 0; ; i++) {
        if (i === 6) await wait()
        yield posts[i % posts.length]!
      }
    } finally {
      state.closed = true
    }
  }
  return { stream: stream(), state }
}

async function endings(name: PredictorName): Promise<void> {
  const [folder, engine] = PREDICTORS[name]
  const open = () => loadMaf(join(root, folder), engine)
  const posts = ['kevin loves paris', 'in paris', 'bob', 'a bigtown', 'paris loves kevin', 'in a town'].map(
    text => postFor(root, name, text),
  )
  const say = (what: string, ...outcome: unknown[]): void =>
    console.log(JSON.stringify([name, what, ...outcome]))

  const maf = await open()
  const expected: unknown[] = []
  for (const post of posts) expected.push(await maf.annotate(post))
  await maf.dispose()

  const moments = { 'at once': async () => {}, later: () => setTimeout(3) }
  for (const [moment, wait] of Object.entries(moments)) {
    const maf = await open()
    const order: string[] = []
    const calls = Promise.allSettled(posts.map(post => maf.annotate(post))).then(all => {
      order.push('calls')
      return all.map(one => (one.status === 'fulfilled' ? one.value : failure(one.reason)))
    })
    await wait()
    const disposed = [maf.dispose(), maf.dispose()].map(ending => ending.then(() => order.push('disposed')))
    const late = await maf.annotate(posts[0]!).catch(failure)
    const results = await calls
    await Promise.all(disposed)
    await maf.dispose()
    say(moment, isDeepStrictEqual(results, expected) || results, order, late)
  }

  {
    const maf = await open()
    const { stream, state } = source(posts)
    const many = maf.annotateMany(stream, { batchSize: 3, window: 6 })
    const first = many.next()
    await setTimeout(2)
    const disposed = maf.dispose()
    const results = [await first]
    await disposed
    let late: string | undefined
    while (late === undefined) {
      const next = await many.next().catch(failure)
      if (typeof next === 'string') late = next
      else results.push(next)
    }
    const isGiven = results.every(({ value }) => value && 'annotation' in value)
    // Whole windows: the one that is taken, and two ahead at the most.
    const isWhole = [6, 12, 18].includes(results.length)
    say('windows', isGiven, isWhole, late, state.closed, (await many.next()).done)
  }

  {
    const maf = await open()
    let isAsked = (): void => {}
    const asked = new Promise<void>(resolve => {
      isAsked = resolve
    })
    const { stream } = source(posts, () => {
      isAsked()
      return new Promise<void>(() => {})
    })
    const many = maf.annotateMany(stream, { batchSize: 6, window: 6 })
    for (let i = 0; i < 6; i++) await many.next()
    const waiting = many.next().catch(failure)
    await asked
    await maf.dispose()
    say('a silent source', await waiting)
  }

  {
    const maf = await open()
    const controller = new AbortController()
    const calls = posts.map(post => maf.annotate(post, { signal: controller.signal }).catch(String))
    await setImmediate()
    controller.abort('enough')
    const outcomes = await Promise.all(calls)
    await maf.dispose()
    say('aborted', outcomes)
  }

  endAtOnce.push(async () => {
    const maf = await open()
    void Promise.all(posts.map(post => maf.annotate(post))).then(all => say('the end', all.length))
    void maf.dispose()
  })
}

const endAtOnce: (() => Promise<void>)[] = []
for (const name of names) await endings(name)
for (const end of endAtOnce) await end()
