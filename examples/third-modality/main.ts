import { registerOnnxBackend } from '@mafjs/compile'
import * as tf from '@tensorflow/tfjs-core'
import { compareWays } from './compare'
import { drawPosts } from './draw-posts'
import { formatTable, summary } from './format-table'
import { type ExampleOptions, readOptions, USAGE } from './options'

/** What is not tried out. */
const COMMON = {
  batchSize: 32, // small: there are few posts
  hidden: 32, // there are few words
  alignmentWeight: 0.1, // it shapes nothing that is asked for here, but must not be in the way
  matchingWeight: 0.2, // enough to learn it, and far below classification
}

async function run({ posts: count, valid, test, epochs, seeds }: ExampleOptions): Promise<void> {
  registerOnnxBackend({ threads: 1 })
  await tf.setBackend('onnx')
  const posts = drawPosts(count, 20261123)
  const splits = {
    test: posts.slice(0, test),
    valid: posts.slice(test, test + valid),
    train: posts.slice(test + valid),
  }
  const ways = await compareWays(splits, {
    settings: [1e-3, 3e-3].map(learningRate => ({ ...COMMON, epochs, learningRate })),
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    onNote: note => console.error(note),
  })
  console.log(
    `${test} posts to measure on; ${splits.train.length} to train on, ${valid} to choose by; ${seeds} seeds\n`,
  )
  console.log(formatTable(ways))
  const { runs } = ways.find(({ name }) => name === 'text and sound')!
  const auc = summary(runs.map(({ matchAuc }) => 100 * matchAuc))
  console.log(`\nfitting sounds against misleading ones, AUC of the match: ${auc}`)
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
