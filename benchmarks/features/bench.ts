import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { useEngine } from '@mafjs/compile/engine'
import { quantile } from '../race/statistics'
import { currentLoad, describeMachine } from '../report/machine'
import { ARMS, buildArm, openArmFeatures, trainArm } from './arms'
import { FEATURE_SIZES } from './sizes'
import { writeTask } from './task'
import { createTurns } from './turns'

// What pictures cost an epoch once their features are cached: epochs of text only and of MAF turn by turn, by medians of the ratios
// of epochs beside each other.
const USAGE = `node --conditions=@mafjs/source --import tsx benchmarks/features/bench.ts [options]
  --size NAME   ${Object.keys(FEATURE_SIZES).join(', ')}; may be given several times (default: both)
  --epochs N    timed epochs of each (default 9); one more goes before them
  --threads N   threads (default 2)`

function options() {
  const { values } = parseArgs({
    options: {
      size: { type: 'string', multiple: true, default: Object.keys(FEATURE_SIZES) },
      epochs: { type: 'string', default: '9' },
      threads: { type: 'string', default: '2' },
    },
  })
  const unknown = values.size.find(name => !(name in FEATURE_SIZES))
  if (unknown !== undefined)
    throw new Error(`--size must be one of ${Object.keys(FEATURE_SIZES)}. Received: ${unknown}.`)
  return {
    sizes: values.size as (keyof typeof FEATURE_SIZES)[],
    epochs: Number(values.epochs),
    threads: Number(values.threads),
  }
}

/** Median and quartiles of one arm's epochs, and how they compare with those of the text alone. */
function compared(times: readonly number[], text: readonly number[]): string {
  const [low, median, high] = [0.25, 0.5, 0.75].map(share => quantile(times, share).toFixed(0))
  const ratios = times.map((time, epoch) => time / text[epoch]!)
  const [least, ratio, most] = [0.25, 0.5, 0.75].map(share => quantile(ratios, share).toFixed(2))
  return `${median} ms (${low} to ${high}), ${ratio} x text only (${least} to ${most})`
}

async function measure(
  name: keyof typeof FEATURE_SIZES,
  { epochs, threads }: { epochs: number; threads: number },
): Promise<void> {
  const size = FEATURE_SIZES[name]
  const folder = await mkdtemp(join(tmpdir(), 'maf-features-'))
  try {
    const engine = await useEngine({ engine: 'onnx', threads })
    const task = await writeTask(folder, size.posts)
    const cache = join(folder, 'cache')
    const model = buildArm(ARMS[1], size)
    const features = await openArmFeatures(model, { name: ARMS[1], size, task, cache, engine })
    const startedAt = performance.now()
    for (const post of task.posts) await features.loadBatch([post])
    const each = (performance.now() - startedAt) / task.posts.length
    await features.dispose()
    model.dispose()
    console.log(`\n${name}: ${size.posts} posts in batches of ${size.batch}`)
    console.log(`filling the cache: ${each.toFixed(1)} ms for each picture`)

    const turns = createTurns(ARMS.length)
    const runs = await Promise.all(
      ARMS.map((arm, place) =>
        trainArm({ name: arm, size, task, cache, engine, epochs: epochs + 1, turns }, place),
      ),
    )
    // In the first epoch programs are made.
    for (const [place, run] of runs.entries()) {
      if (run.computed > 0) throw new Error(`${run.computed} pictures were encoded again.`)
      for (const clock of ['wall', 'processor'] as const) {
        const [times, text] = [run, runs[0]!].map(({ [clock]: all }) => all.slice(1))
        console.log(`${ARMS[place]}, ${clock}: ${compared(times!, text!)}`)
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

if (process.argv.includes('--help')) console.log(USAGE)
else {
  const { sizes, ...how } = options()
  const { processor, cores, node } = describeMachine()
  console.log(`${processor}, ${cores} cores, node ${node}, load ${currentLoad().toFixed(1)}`)
  for (const size of sizes) await measure(size, how)
}
