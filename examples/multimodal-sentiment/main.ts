import { useEngine } from '@mafjs/compile/engine'
import { compareWays } from './compare'
import { drawnTask } from './drawn-task'
import { formatTable } from './format-table'
import { type ExampleOptions, readOptions, USAGE } from './options'
import { realTask } from './real-task'
import { splitPosts } from './split-posts'
import type { Task } from './task'
import type { TrainingSettings } from './train-sentiment'

const onNote = (note: string): void => console.error(note)

/** Of drawn posts; chosen on those of another seed. */
const DRAWN = {
  batchSize: 32,
  weightDecay: 0.01, // next to nothing in so few steps
  learningRate: 2e-3, // encoders of random weights
  dropoutRate: 0, // what is drawn has no noise that could be learnt by heart
  hidden: 32, // that of the encoders
  matching: 0.3, // beside the classifier's loss
}

/** Tried on real posts, by each way for itself. */
const REAL = [3e-4, 1e-3].flatMap(learningRate =>
  [0.1, 0.5].map(dropoutRate => ({ ...DRAWN, learningRate, dropoutRate, hidden: 128 })),
)

async function compare<Batch extends object>(
  task: Task<Batch>,
  settings: readonly TrainingSettings[],
  seeds: number,
): Promise<void> {
  // A quarter of the drawn posts, and a fifth of the scarcer real ones, to measure on.
  const shares = task.kinds ? { valid: 0.15, test: 0.25 } : { valid: 0.15, test: 0.2 }
  const splits = splitPosts(task.groups, shares, 0)
  const ways = await compareWays(task, splits, {
    settings,
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    onNote,
  })
  const { train, valid, test } = splits
  console.log(
    `${train.length} posts to train on, ${valid.length} to choose by, ${test.length} to measure on; ${seeds} seeds\n`,
  )
  console.log(formatTable(ways))
}

async function run({ real, posts, epochs, seeds }: ExampleOptions): Promise<void> {
  await useEngine({ engine: 'onnx', threads: 1 })
  if (real) {
    const settings = REAL.map(setting => ({ ...setting, epochs }))
    await compare(await realTask({ ...real, onNote }), settings, seeds)
  } else await compare(drawnTask(posts, 1), [{ ...DRAWN, epochs }], seeds)
}

let options: ExampleOptions | undefined
try {
  options = readOptions(process.argv.slice(2))
} catch (error) {
  console.error(`${(error as Error).message}\n\n${USAGE}`)
  process.exitCode = 2
}
if (options) {
  await run(options).catch((error: Error) => {
    console.error(error.message)
    process.exitCode = 1
  })
}
