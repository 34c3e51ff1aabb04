import { useEngine } from '@mafjs/ner-maf'
import { compareWays, splitPairs } from './compare'
import { drawPairs } from './draw-pairs'
import { formatTable } from './format-table'
import { type ExampleOptions, readOptions, USAGE } from './options'
import { realPairs } from './real-pairs'
import type { TrainingSettings } from './train-alignment'

const onNote = (note: string): void => console.error(note)

async function run({ real, pairs, valid, test, epochs, seeds }: ExampleOptions): Promise<void> {
  await useEngine({ engine: 'onnx', threads: 1 })
  const features = real ? await realPairs({ ...real, onNote }) : drawPairs(pairs, 1)
  const splits = splitPairs(features, { valid, test })
  const base: TrainingSettings = {
    learningRate: 1e-3,
    epochs,
    batchSize: real ? 128 : 64, // wrong pictures a text is told from, one less
    weightDecay: 0.01,
    featureDropout: real ? 0.5 : 0, // real pairs are few for 1,664 features: without it the heads learn them by heart
    hidden: real ? 256 : 64,
    temperature: 0.1, // the paper's
  }
  const settings = [3e-4, 1e-3, 3e-3].map(learningRate => ({ ...base, learningRate }))
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
if (options) await run(options)
