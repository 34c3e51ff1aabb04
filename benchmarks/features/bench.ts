import { join } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import { useEngine } from '@mafjs/compile/engine'
import { count, runCommand, withFolder } from '../../tools/command'
import { machineLine } from '../machine'
import { compared, timed } from '../timing'
import { ARMS, buildArm, createTurns, openArmFeatures, SIZES, trainArm } from './arms'
import { writeTask } from './write-task'

// What pictures cost an epoch once their features are cached: epochs of text only and of MAF turn by turn, by medians of the ratios
// of epochs beside each other.
const NAMES = Object.keys(SIZES) as (keyof typeof SIZES)[]
const command = new Command('npm run bench:features --')
  .addOption(new Option('--size <name...>').choices(NAMES).default(NAMES))
  .option('--epochs <n>', 'timed epochs of each; one more goes before them', count, 9)
  .option('--threads <n>', 'threads', count, 2)

async function measure(
  folder: string,
  name: keyof typeof SIZES,
  { epochs, threads }: ReturnType<typeof command.opts>,
): Promise<void> {
  const size = SIZES[name]
  const engine = await useEngine({ engine: 'onnx', threads })
  const task = await writeTask(folder, size.posts)
  const shared = { size, task, cache: join(folder, 'cache'), engine }
  const model = buildArm(ARMS[1], size)
  const features = await openArmFeatures(model, { name: ARMS[1], ...shared })
  const { clock } = await timed(async () => {
    for (const post of task.posts) await features.load([post])
  })
  await features.dispose()
  model.dispose()
  console.log(`\n${name}: ${size.posts} posts in batches of ${size.batch}`)
  console.log(`filling the cache: ${(clock / task.posts.length).toFixed(1)} ms for each picture`)

  const turns = createTurns(ARMS.length)
  const runs = await Promise.all(
    ARMS.map((arm, place) => trainArm({ name: arm, ...shared, epochs: epochs + 1, turns }, place)),
  )
  // In the first epoch programs are made.
  for (const [place, run] of runs.entries()) {
    if (run.computed > 0) throw new Error(`${run.computed} pictures were encoded again.`)
    for (const line of compared(run.times.slice(1), runs[0]!.times.slice(1), 'text only'))
      console.log(`${ARMS[place]}, ${line}`)
  }
}

await runCommand(
  command.action(async options => {
    console.log(machineLine())
    for (const size of options.size) await withFolder('features', folder => measure(folder, size, options))
  }),
)
