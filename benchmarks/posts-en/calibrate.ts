import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import { readExamples } from '@mafjs/data'
import { percent } from '@mafjs/evaluate'
import { calibrationError } from '@mafjs/evaluate/calibration'
import { createMafProgram, loadCheckpoint, saveCheckpoint, tag } from '@mafjs/ner-maf'
import type { Snapshot } from '@mafjs/train'
import * as tf from '@tensorflow/tfjs-core'
import { writeResult } from '../write-result'
import { judgeEntities } from './calibration'
import { foldersOf } from './make-model'
import type { Options } from './options'

/** What the scores of paths are made of: divided by one number, the best path stays the best, and only the scores change. */
const SCORES = /^(classifier|crf)\./

/** Of which validation chooses. */
export const TEMPERATURES = [1, 1.25, 1.5, 1.75, 2, 2.5, 3] as const

/** What scores cost that say too much or too little: mean negative log likelihood of whether their entities are right. */
export function logLoss(said: readonly number[], isRight: readonly boolean[]): number {
  const cost = said.map((score, at) => -Math.log(Math.max(1e-12, isRight[at] ? score : 1 - score)))
  return cost.reduce((sum, one) => sum + one, 0) / cost.length
}

/**
 * Divides the scores of the model's paths by the temperature (Guo et al., "On calibration of modern neural networks", 2017) that
 * validation likes best, and writes the checkpoint that is exported.
 */
export async function calibrateModel(options: Options): Promise<void> {
  const { work, threads, results } = options
  const { trained, float } = foldersOf(options)
  const engine = await useEngine({ engine: 'onnx', threads })
  const { examples } = await readExamples(join(work, 'data', 'valid.jsonl'))
  const { model, config, tokenizer } = await loadCheckpoint(trained)
  const parameters = Object.entries(model.parameters())
  const trainedAs: Snapshot = {}
  for (const [name, parameter] of parameters)
    trainedAs[name] = { shape: [...parameter.shape], values: (await parameter.data()) as Float32Array }
  const at = (temperature: number): Snapshot =>
    Object.fromEntries(
      Object.entries(trainedAs).map(([name, { shape, values }]) => [
        name,
        { shape, values: SCORES.test(name) ? values.map(value => value / temperature) : values },
      ]),
    )
  const trials: { temperature: number; logLoss: number; error: number }[] = []
  try {
    for (const temperature of TEMPERATURES) {
      const scaled = at(temperature)
      for (const [name, parameter] of parameters) {
        const { shape, values } = scaled[name]!
        if (SCORES.test(name)) tf.tidy(() => parameter.assign(tf.tensor(values, [...shape])))
      }
      const program = createMafProgram(model, engine)
      const { windowOverlap } = config.preprocessing
      const tagged = await tag(examples, { model, program, tokenizer, windowOverlap })
      await program.dispose()
      const { said, isRight } = judgeEntities(
        examples,
        tagged.map(({ entities }) => entities),
      )
      trials.push({ temperature, logLoss: logLoss(said, isRight), error: calibrationError(said, isRight) })
      const { logLoss: cost, error } = trials.at(-1)!
      console.log(
        `temperature ${temperature}: log loss ${cost.toFixed(4)}, calibration error ${percent(error)}`,
      )
    }
    const best = trials.reduce((a, b) => (b.logLoss < a.logLoss ? b : a))
    const { model: own, preprocessing, training } = config
    const made = { model: own, preprocessing, tokenizer: tokenizer.definition, training }
    await saveCheckpoint(float, { ...made, snapshot: at(best.temperature) }, { overwrite: true })
    await writeResult(results, 'posts-en-temperature', { trials, chosen: best.temperature })
  } finally {
    model.dispose()
  }
}
