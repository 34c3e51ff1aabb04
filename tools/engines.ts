import { Command, Option } from '@commander-js/extra-typings'
import { useEngine } from '@mafjs/compile/engine'
import { count, runCommand } from './command'
import { comparePoints, measureDrift } from './engines/compare-engines'
import type { Deviation } from './engines/deviation'
import { formatDeviations } from './engines/format-deviations'
import { createDemoTraining } from './tiny-world/demo-training'

// npm run engines: one step of a training run, restarted from the same state on both engines; exit 1 where a loss or gradient differs by more than 1e-5 of its
// largest number and the compiled one is not as near to float64 as the eager one.
const TOLERANCE = 1e-5

const command = new Command('npm run engines --')
  .option('--points <n>', 'steps that are compared', count, 50)
  .option(
    '--part <i/n>',
    "the share of them that is this process's; two take half the time on two cores",
    '1/1',
  )
  .option('--steps <n>', 'of the whole run', count, 500)
  .option('--drift <n>', 'steps of two runs of their own, or 0', Number, 50)
  .addOption(new Option('--backend <name>', 'of tfjs').choices(['cpu', 'wasm']).default('cpu'))
  .option('--threads <n>', 'of ONNX Runtime', count, 2)

async function compare({ points, steps, drift: driftSteps, ...given }: ReturnType<typeof command.opts>) {
  const eager = await useEngine({ engine: 'tfjs', backend: given.backend as 'cpu' | 'wasm' })
  const compiled = await useEngine({ engine: 'onnx', threads: given.threads })
  if (eager.name !== 'tfjs' || compiled.name !== 'onnx') throw new Error('An engine did not start.')
  // tfjs's wasm backend has no gradient of a convolution.
  const pictures = eager.backend === 'wasm' ? 'patches' : 'cnn'
  const part = given.part.split('/').map(Number) as [number, number]
  const task = createDemoTraining({ posts: 1600, batchSize: 16, pictures })
  console.log(
    `${points} of ${steps} steps of the demo's MAF (${pictures}, dropout, exchanges): tfjs ${eager.backend}, onnx`,
  )
  const all: Deviation[] = []
  await comparePoints(
    { task, steps, eager, compiled },
    { points, part, tolerance: TOLERANCE },
    (step, deviations) => {
      all.push(...deviations)
      const worst = deviations.reduce((most, one) => (one.share > most.share ? one : most))
      console.log(`  step ${step}: ${worst.share.toExponential(1)} ${worst.name}`)
    },
  )
  const { text, failed } = formatDeviations(all, TOLERANCE)
  console.log(`\n${text}`)
  if (driftSteps > 0) {
    const drift = await measureDrift({ task, steps: driftSteps, eager, compiled })
    console.log(
      `\nTwo runs of their own after ${drift.steps} steps: loss ${drift.loss.toExponential(1)} apart, ` +
        `parameters ${drift.parameters.toExponential(1)} of the way they went`,
    )
  }
  process.exitCode = failed > 0 || all.length === 0 ? 1 : 0
}

await runCommand(command.action(compare))
