import { readFile, rm, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { uniform } from '@mafjs/tensor'
import { withFolder } from '../../tools/command'
import { run } from '../../tools/processes'
import { currentLoad, describeMachine, machineLine } from '../machine'
import { writeResult } from '../write-result'
import { checkParts, recordsOf } from './check-parts'
import type { Engine } from './engine'
import { NER_MAF, timeFilter } from './time-filter'
import { writePosts } from './write-posts'

/** What an engine is tried with. */
export interface RunEngineOptions {
  model: string
  posts: number
  /** Posts of a shard. */
  lines: number
  pictures?: boolean | undefined
  seed: number
  /** Whether figures are written to `benchmarks/results`, and one process is measured beside. */
  measure: boolean
}

/** Posts that end the process which computes them. */
const POISON = 3

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

/**
 * Lets an engine annotate posts, kills one of its workers meanwhile, and looks whether every post is there once; then takes one part away,
 * and lets it annotate what is missing.
 */
export async function runEngine(
  open: (folder: string) => Promise<Engine>,
  { model, posts, lines, pictures: pictured = false, seed, measure }: RunEngineOptions,
): Promise<void> {
  console.log(`${machineLine()}; seed ${seed}`)
  await withFolder('scale', async folder => {
    let at = 0
    const drawn = uniform(100, { seed, site: 'scale-out' })
    const draw = (): number => drawn[at++]!
    const poison = new Set<number>()
    while (poison.size < POISON) poison.add(Math.floor(posts * draw()))
    const { file, images } = await writePosts(folder, { posts, pictured, poison })
    const ids = (await readFile(file, 'utf8'))
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line).id)
    const poisonIds = new Set([...poison].map(place => ids[place]!))
    const out = join(folder, 'work')
    const cut = await run(NER_MAF[0]!, [
      ...NER_MAF.slice(1),
      'shards',
      '--data',
      file,
      '--out',
      out,
      '--lines',
      String(lines),
    ])
    console.log(cut.stdout.trim().replace(folder, '.'))
    const options = ['--model', resolve(model), '--images', images]
    const command = [
      process.execPath,
      resolve('benchmarks/scale-out/poison-main.mjs'),
      'predict',
      ...options,
      '--shards',
      out,
    ]
    const plan = join(out, 'shards.jsonl')
    const shards = Math.ceil(posts / lines)

    const sound = { posts, pictured }
    const alone: number[] = []
    const aloneOnce = async (): Promise<void> => {
      if (!measure) return
      const { file, images } = await writePosts(join(folder, 'sound'), sound)
      alone.push(
        await seconds(() => timeFilter(file, ['--model', model, '--images', images, '--threads', '2'])),
      )
    }
    await aloneOnce()
    const engine = await open(folder)
    try {
      const killAt = Math.floor(shards * (0.1 + 0.6 * draw()))
      let killed = ''
      let over = false
      const kill = async (): Promise<void> => {
        while (!over && (await recordsOf(out)).length < killAt) await setTimeout(50)
        await setTimeout(300 * draw())
        if (over) return
        killed = await engine.killOne(draw)
        console.log(`killed with SIGKILL, when ${killAt} of ${shards} shards were done: ${killed}`)
      }
      const annotating = async (): Promise<void> => {
        await engine.annotate(plan, command).finally(() => {
          over = true
        })
      }
      const took = await seconds(() => Promise.all([annotating(), kill()]))
      if (!killed) throw new Error('All was done before a worker could be killed: give it more posts.')
      const found = await checkParts(out, ids, poisonIds)
      console.log(
        `${found.posts} ids, each exactly once, in ${found.parts} parts; error lines: ${found.errors}, the poison alone`,
      )

      const records = await recordsOf(out)
      const times = async (): Promise<number[]> =>
        Promise.all(records.map(async path => (await stat(path)).mtimeMs))
      const before = await times()
      const taken = Math.floor(records.length * draw())
      await rm(records[taken]!)
      await engine.annotate(plan, command)
      await checkParts(out, ids, poisonIds)
      const again = (await times()).flatMap((time, i) => (time === before[i] ? [] : [i]))
      if (again.join() !== String(taken))
        throw new Error(`Parts ${again.join()} were written again, not ${taken} alone.`)
      console.log('one record taken away: that shard alone was computed again')
      await aloneOnce()
      if (!measure) return
      const beside = alone.reduce((sum, time) => sum + time, 0) / alone.length
      const result = {
        ...{
          machine: describeMachine(),
          load: currentLoad(),
          seed,
          model: basename(model),
          posts,
          pictured,
          shards,
          killed,
        },
        ...{ ids: found.posts, errorLines: found.errors, poison: POISON },
        postsPerSecond: { [engine.name]: posts / took, 'one process of two threads': posts / beside },
      }
      console.log(JSON.stringify(result.postsPerSecond))
      await writeResult('benchmarks/results', `scale-${engine.name}${pictured ? '-pictures' : ''}`, result)
    } finally {
      await engine.close()
    }
  })
}
