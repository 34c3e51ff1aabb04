import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { quantile } from '@mafjs/evaluate'
import { withFolder } from '../../tools/command'
import { currentLoad, describeMachine, machineLine } from '../machine'
import { writeResult } from '../write-result'
import { type FilterTime, timeFilter } from './time-filter'
import { writePosts } from './write-posts'

/** How the filter is run, the same two cores each. */
const WAYS = {
  'one child of one thread': ['--jobs', '1'],
  'two children of one thread': ['--jobs', '2'],
  'one process of two threads': ['--threads', '2'],
} as const
type Way = keyof typeof WAYS
const NAMES = Object.keys(WAYS) as Way[]

/** What is measured. */
export interface MeasureFilterOptions {
  /** A model of the demo, which reads pictures. */
  model: string
  turns: number
  /** A share of the usual numbers of posts. */
  share: number
}

const median = (values: readonly number[]): number => quantile(values, 0.5)

/** Posts a second and processor time of the ways to run the filter, in turns. */
export async function measureFilter({ model, turns, share }: MeasureFilterOptions): Promise<void> {
  const works = [
    { name: 'demo, text only', model, posts: 20_000, pictured: false },
    { name: 'demo, with pictures', model, posts: 2000, pictured: true },
    { name: 'posts-en, int8', model: 'models/posts-en/model', posts: 4000, pictured: false },
  ]
  console.log(machineLine())
  const results: object[] = []
  for (const { name, model, posts, pictured } of works) {
    await withFolder('scale', async folder => {
      const count = Math.ceil(posts * share)
      const { file, images } = await writePosts(folder, { posts: count, pictured })
      const one = join(folder, 'one.jsonl')
      await writeFile(one, '{"text":"one"}\n')
      const times = new Map<Way, { whole: FilterTime; start: FilterTime }[]>(NAMES.map(way => [way, []]))
      const loads: number[] = []
      for (let turn = 0; turn < turns; turn++) {
        loads.push(currentLoad())
        // Which goes first is exchanged.
        for (const way of turn % 2 ? NAMES.toReversed() : NAMES) {
          const options = ['--model', model, '--images', images, ...WAYS[way]]
          const [start, whole] = [await timeFilter(one, options), await timeFilter(file, options)]
          times.get(way)!.push({ whole, start })
        }
      }
      const msOf = ({ whole, start }: { whole: FilterTime; start: FilterTime }): number =>
        (whole.cores - start.cores) / (whole.lines - start.lines)
      const ratio = (way: Way, other: Way, of: (time: { whole: FilterTime; start: FilterTime }) => number) =>
        median(times.get(way)!.map((time, turn) => of(time) / of(times.get(other)![turn]!)))
      const rateOf = ({ whole }: { whole: FilterTime }): number => whole.rate
      const [alone, children, threads] = NAMES as [Way, Way, Way]
      const result = {
        ...{ name, posts: count, turns, load: median(loads) },
        ways: Object.fromEntries(
          NAMES.map(way => [
            way,
            {
              postsPerSecond: median(times.get(way)!.map(rateOf)),
              coreMsPerPost: median(times.get(way)!.map(msOf)),
              coreMsToStart: median(times.get(way)!.map(({ start }) => start.cores)),
            },
          ]),
        ),
        ratios: {
          'two children to one child': {
            rate: ratio(children, alone, rateOf),
            coreMs: ratio(children, alone, msOf),
          },
          'two children to two threads': {
            rate: ratio(children, threads, rateOf),
            coreMs: ratio(children, threads, msOf),
          },
        },
      }
      console.log(JSON.stringify(result, null, 2))
      results.push(result)
    })
  }
  await writeResult('benchmarks/results', 'scale-filter', {
    machine: describeMachine(),
    load: currentLoad(),
    results,
  })
}
