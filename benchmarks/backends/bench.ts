import { Command, Option } from '@commander-js/extra-typings'
import {
  type BackendName,
  createTraining,
  describeEngine,
  useBackend,
  useEngine,
} from '@mafjs/compile/engine'
import { buildMaf, type MafInputs } from '@mafjs/ner-maf'
import type { ApplyOptions } from '@mafjs/tensor'
import { count, runCommand } from '../../tools/command'
import { createDemoTraining } from '../../tools/tiny-world/demo-training'
import { machineLine } from '../machine'
import { compared, startClock, type Time } from '../timing'

// A training step of MAF (forward, gradients, AdamW) on the compiled engine and on tfjs's backends, step by step in turn, by
// medians and by ratios of steps beside each other; exit 1 where the losses differ.
const BACKEND_SIZES = {
  demo: { batchSize: 16 },
  // The text encoder has BERT-base's layers.
  base: { batchSize: 4, encoder: { hidden: 768, layers: 12, heads: 12 } },
} as const
const SIZES = Object.keys(BACKEND_SIZES) as (keyof typeof BACKEND_SIZES)[]
const command = new Command('node --conditions=@mafjs/source --import tsx benchmarks/backends/bench.ts')
  .addOption(new Option('--size <name...>').choices(SIZES).default(SIZES))
  .option('--backend <name...>', "tfjs's backends", ['tensorflow', 'wasm'])
  .option('--steps <n>', 'timed steps of each; two more go before them', count, 9)
  .option('--threads <n>', 'threads of the compiled engine and of tensorflow', count, 2)

/** In the first steps programs are made and memory is taken. */
const WARM_UP = 2

/** The same masks and exchanges everywhere: losses differ by rounding alone, which training spreads. */
const TOLERANCE = 1e-2

async function measure(
  size: keyof typeof BACKEND_SIZES,
  { backend: backends, steps, threads }: ReturnType<typeof command.opts>,
): Promise<boolean> {
  const all = WARM_UP + steps
  const sized = BACKEND_SIZES[size]
  const task = createDemoTraining({ ...sized, posts: sized.batchSize * all, pictures: 'patches' })
  const open = async (backend?: BackendName) => {
    const hasThreads = backend === undefined || backend === 'tensorflow'
    const engine = await useEngine({ ...(backend && { backend }), ...(hasThreads && { threads }) })
    const optimizer = {
      kind: 'adamw',
      learningRate: 1e-4,
      schedule: { kind: 'constant', total: all },
      weightDecay: 0.01,
    } as const
    const model = buildMaf(task.config)
    const loss = (inputs: MafInputs, options: ApplyOptions) => ({
      ...model.apply(inputs, { ...options, checkValues: false }).losses!,
    })
    const training = await createTraining(engine, loss, model.parameters(), { optimizer })
    return {
      name: describeEngine(engine).replace('Engine: ', ''),
      training,
      times: [] as Time[],
      losses: [] as number[],
    }
  }
  const arms = [await open()]
  for (const backend of backends) arms.push(await open(backend as BackendName))
  for (let index = 0; index < all; index++) {
    // Who begins alternates.
    for (const { training, times, losses } of arms.map((_, place) => arms[(place + index) % arms.length]!)) {
      const { batch, run } = await task.step(index)
      const time = startClock()
      const report = await training.step(batch, run)
      times.push(time())
      losses.push(report.losses.total)
    }
  }
  const [ours] = arms
  console.log(
    `\n${size}, batches of ${task.batchSize}: median and quartiles of ${steps} steps, times of the first`,
  )
  let agree = true
  for (const { name, times, losses } of arms) {
    const off = Math.max(...losses.map((loss, i) => Math.abs(loss / ours!.losses[i]! - 1)))
    if (!(off <= TOLERANCE)) agree = false
    console.log(`${name}: losses within ${off.toExponential(1)}${off <= TOLERANCE ? '' : ', TOO FAR'}`)
    const [own, first] = [times, ours!.times].map(list => list.slice(WARM_UP))
    for (const line of compared(own!, first!, '')) console.log(`  ${line}`)
  }
  return agree
}

await runCommand(
  command.action(async options => {
    console.log(machineLine())
    // Where the variables of the compiled engine lie.
    await useBackend('cpu')
    for (const size of options.size) if (!(await measure(size, options))) process.exitCode = 1
  }),
)
