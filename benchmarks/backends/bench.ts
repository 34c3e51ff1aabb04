import { parseArgs } from 'node:util'
import { type BackendName, describeEngine, useEngine } from '@mafjs/compile/engine'
import { buildMaf, createTrainer } from '@mafjs/ner-maf'
import { quantile } from '../race/statistics'
import { currentLoad, describeMachine } from '../report/machine'
import { BACKEND_SIZES, createSizedTask } from './sized-task'

// A training step of MAF (forward, gradients, AdamW) on the compiled engine and on tfjs's backends, step by step in turn, by
// medians and by ratios of steps beside each other; exit 1 where the losses differ.
const USAGE = `node --conditions=@mafjs/source --import tsx benchmarks/backends/bench.ts [options]
  --size NAME     ${Object.keys(BACKEND_SIZES).join(', ')}; may be given several times (default: all)
  --backend NAME  a tfjs backend; may be given several times (default: tensorflow, wasm)
  --steps N       timed steps of each (default 9); two more go before them
  --threads N     threads of the compiled engine and of tensorflow (default 2)`

/** In the first steps programs are made and memory is taken. */
const WARM_UP = 2

/** The same masks and exchanges everywhere: losses differ by rounding alone, which training spreads. */
const TOLERANCE = 1e-2

const QUARTILES = [0.25, 0.5, 0.75]

interface Arm {
  name: string
  /** Milliseconds of the clock, and of all threads together, which other work on the machine changes less. */
  times: { clock: number; cores: number }[]
  losses: number[]
  step(index: number): Promise<void>
}

async function measure(
  size: keyof typeof BACKEND_SIZES,
  { backends, steps, threads }: { backends: readonly BackendName[]; steps: number; threads: number },
): Promise<boolean> {
  const all = WARM_UP + steps
  const task = createSizedTask(size, all)
  const open = async (backend?: BackendName): Promise<Arm> => {
    const engine = await useEngine({
      ...(backend && { backend }),
      ...((backend === undefined || backend === 'tensorflow') && { threads }),
    })
    const model = buildMaf(task.config)
    const optimizer = {
      kind: 'adamw',
      learningRate: 1e-4,
      schedule: { kind: 'constant', total: all },
      weightDecay: 0.01,
      clip: 1,
    } as const
    const trainer = await createTrainer(model, engine, { optimizer })
    const arm: Arm = {
      name: describeEngine(engine).replace('Engine: ', ''),
      times: [],
      losses: [],
      async step(index) {
        const { batch, run } = await task.step(index)
        const [start, before] = [performance.now(), process.cpuUsage()]
        const { losses } = await trainer.step(batch, run)
        const { user, system } = process.cpuUsage(before)
        arm.times.push({ clock: performance.now() - start, cores: (user + system) / 1000 })
        arm.losses.push(losses.total)
      },
    }
    return arm
  }
  const arms = [await open()]
  for (const backend of backends) arms.push(await open(backend))
  for (let index = 0; index < all; index++) {
    // Who begins alternates.
    const order = arms.map((_, place) => arms[(place + index) % arms.length]!)
    for (const arm of order) await arm.step(index)
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
    for (const kind of ['clock', 'cores'] as const) {
      const timed = times.slice(WARM_UP).map(({ [kind]: time }) => time)
      const ratios = timed.map((time, i) => time / ours!.times[WARM_UP + i]![kind])
      const [low, median, high] = QUARTILES.map(share => quantile(timed, share).toFixed(1))
      const [least, ratio, most] = QUARTILES.map(share => quantile(ratios, share).toFixed(2))
      console.log(`  ${kind}: ${median} ms (${low} to ${high}), ${ratio} x (${least} to ${most})`)
    }
  }
  return agree
}

const { values } = parseArgs({
  options: {
    size: { type: 'string', multiple: true, default: Object.keys(BACKEND_SIZES) },
    backend: { type: 'string', multiple: true, default: ['tensorflow', 'wasm'] },
    steps: { type: 'string', default: '9' },
    threads: { type: 'string', default: '2' },
    help: { type: 'boolean', default: false },
  },
})
const unknown = values.size.find(name => !(name in BACKEND_SIZES))
if (unknown !== undefined)
  throw new Error(`--size must be one of ${Object.keys(BACKEND_SIZES).join(', ')}. Received: ${unknown}.`)
if (values.help) console.log(USAGE)
else {
  const { processor, cores, node } = describeMachine()
  console.log(`${processor}, ${cores} cores, node ${node}, load ${currentLoad().toFixed(1)}`)
  for (const size of values.size as (keyof typeof BACKEND_SIZES)[]) {
    const agree = await measure(size, {
      backends: values.backend as BackendName[],
      steps: Number(values.steps),
      threads: Number(values.threads),
    })
    if (!agree) process.exitCode = 1
  }
}
