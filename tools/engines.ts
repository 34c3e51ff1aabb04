import { parseArgs } from 'node:util'
import { useEngine } from '@mafjs/compile/engine'
import { comparePoints, measureDrift } from './engines/compare-engines'
import type { Deviation } from './engines/deviation'
import { formatDeviations } from './engines/format-deviations'
import { createDemoTraining } from './tiny-world/demo-training'

// npm run engines -- [--points 50] [--part 1/2] [--steps 500] [--drift 50] [--backend cpu|wasm] [--threads 2]: one step of a training
// run, restarted from the same state on both engines; exit 1 where a loss or gradient differs by more than 1e-5 of its
// largest number and the compiled one is not as near to float64 as the eager one.
const TOLERANCE = 1e-5

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '50' },
    // Two processes, 1/2 and 2/2, take half the time on two cores.
    part: { type: 'string', default: '1/1' },
    steps: { type: 'string', default: '500' },
    drift: { type: 'string', default: '50' },
    backend: { type: 'string', default: 'cpu' },
    threads: { type: 'string', default: '2' },
  },
})
const eager = await useEngine({ engine: 'tfjs', backend: values.backend as 'cpu' | 'wasm' })
const compiled = await useEngine({ engine: 'onnx', threads: Number(values.threads) })
if (eager.name !== 'tfjs' || compiled.name !== 'onnx') throw new Error('An engine did not start.')
// tfjs's wasm backend has no gradient of a convolution.
const pictures = eager.backend === 'wasm' ? 'patches' : 'cnn'
const [points, steps] = [Number(values.points), Number(values.steps)]
const part = values.part.split('/').map(Number) as [number, number]
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
if (Number(values.drift) > 0) {
  const drift = await measureDrift({ task, steps: Number(values.drift), eager, compiled })
  console.log(
    `\nTwo runs of their own after ${drift.steps} steps: loss ${drift.loss.toExponential(1)} apart, ` +
      `parameters ${drift.parameters.toExponential(1)} of the way they went`,
  )
}
process.exitCode = failed > 0 || all.length === 0 ? 1 : 0
