import { useEngine } from '@mafjs/compile/engine'
import { compareWays, splitPairs } from './compare'
import { drawPairs } from './draw-pairs'
import { formatTable } from './format-table'
import { type ExampleOptions, readOptions, USAGE } from './options'
import { realPairs } from './real-pairs'

const onNote = (note: string): void => console.error(note)

/** What is not tried out. */
const COMMON = {
  batchSize: 128, // a text is told from 127 wrong pictures
  weightDecay: 0.01, // next to nothing in so few steps
  hidden: 256, // less than either side has
  temperature: 0.1, // the paper's
}

async function run({ real, pairs, valid, test, epochs, seeds }: ExampleOptions): Promise<void> {
  await useEngine({ engine: 'onnx', threads: 1 })
  const features = real ? await realPairs({ ...real, onNote }) : drawPairs(pairs, 1)
  const splits = splitPairs(features, { valid, test })
  const settings = [0, 0.5].flatMap(featureDropout =>
    [3e-4, 1e-3].map(learningRate => ({ ...COMMON, epochs, learningRate, featureDropout })),
  )
  const ways = await compareWays(splits, {
    settings,
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    onNote,
  })
  const trained = splits.train.text.shape[0]
  console.log(
    `${test} pairs to retrieve among; ${trained} to train on, ${valid} to choose by; ${seeds} seeds\n`,
  )
  console.log(formatTable(ways))
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
