import { registerGradients } from '@mafjs/tensor/gradients'
import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { batchQuestions } from './batch-questions'
import { compareModels } from './compare'
import { COLOURS, drawQuestions, withoutBinding } from './draw-questions'
import { formatTable } from './format-table'
import { type ExampleOptions, readOptions, USAGE } from './options'
import { saveAndLoad } from './save-and-load'

async function run({ questions: count, valid, test, epochs, seeds, out }: ExampleOptions): Promise<void> {
  tf.env().set('PROD', true) // tfjs greets Node users with an advertisement otherwise
  await tf.setBackend('wasm')
  registerGradients()
  const questions = drawQuestions(count, 1)
  const splits = {
    test: questions.slice(0, test),
    valid: questions.slice(test, test + valid),
    train: questions.slice(test + valid),
  }
  const held = batchQuestions(splits.test)
  const { models, trained } = await compareModels(splits, {
    hidden: 32, // there are few words
    settings: [3e-3, 1e-2].map(learningRate => ({ learningRate, epochs, batchSize: 32 })),
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    onNote: note => console.error(note),
  })
  console.log(
    `${test} questions to measure on; ${splits.train.length} to train on, ${valid} to choose by; ${seeds} seeds\n`,
  )
  const baselines = {
    chance: 1 / Object.keys(COLOURS).length,
    'most frequent colour shown': withoutBinding(splits.test),
  }
  console.log(formatTable(models, baselines))
  const { numbers, equal } = await saveAndLoad(trained, held, out)
  console.log(
    `\nsaved${out === undefined ? '' : ` to ${out}`} and loaded again: ${equal} of ${numbers} numbers`,
  )
  console.log('that the model predicts are the same to the last bit')
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
