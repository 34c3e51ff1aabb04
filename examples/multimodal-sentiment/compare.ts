import { classificationReport } from '@mafjs/evaluate'
import { majority } from './majority'
import type { Sides, Task } from './task'
import { type Splits, type TrainingSettings, trainSentiment } from './train-sentiment'

/** What one run scored on the test posts. */
export interface RunScores {
  accuracy: number
  macroF1: number
  /** Accuracy by what decides the label, where that is known. */
  byKind: Record<string, number>
}

/** One way to classify, and its runs. */
export interface ComparedWay {
  name: string
  runs: RunScores[]
}

/** How ways are compared. */
export interface CompareOptions {
  /** Tried by every way with the first seed; the best on validation is used. */
  settings: readonly TrainingSettings[]
  seeds: readonly number[]
  onNote?: (note: string) => void
}

/** Ways to look at a post. */
const WAYS: { name: string; sides: Sides }[] = [
  { name: 'text only', sides: 'text' },
  { name: 'picture only', sides: 'picture' },
  { name: 'text and picture', sides: 'both' },
]

/** Measures the majority class, and the model with one side of the posts or both; what is chosen is chosen on validation. */
export async function compareWays<Batch extends object>(
  task: Task<Batch>,
  splits: Splits,
  { settings, seeds, onNote = () => {} }: CompareOptions,
): Promise<ComparedWay[]> {
  const classes = task.classes.length
  const goldOf = (posts: readonly number[]): number[] => posts.map(post => task.labels[post]!)
  const scoresOf = (predicted: readonly number[]): RunScores => {
    const gold = goldOf(splits.test)
    const { accuracy, macro } = classificationReport({ gold, predicted, classes: [...task.classes.keys()] })
    return { accuracy, macroF1: macro.f1, byKind: byKindOf(predicted) }
  }
  const byKindOf = (predicted: readonly number[]): RunScores['byKind'] =>
    Object.fromEntries(
      [...new Set(task.kinds)].sort().map(kind => {
        const places = splits.test.flatMap((post, i) => (task.kinds![post] === kind ? [i] : []))
        const right = places.filter(i => predicted[i] === task.labels[splits.test[i]!])
        return [kind, right.length / places.length]
      }),
    )

  const most = majority(goldOf(splits.train), classes)
  const ways: ComparedWay[] = [{ name: 'majority', runs: [scoresOf(splits.test.map(() => most))] }]
  for (const { name, sides } of WAYS) {
    let chosen = { setting: settings[0]!, validation: -1 }
    for (const setting of settings.length > 1 ? settings : []) {
      const { validation, epoch, dispose } = await trainSentiment(task, splits, sides, setting, seeds[0]!)
      await dispose()
      const { learningRate, dropoutRate } = setting
      onNote(
        `${name}, learning rate ${learningRate}, dropout ${dropoutRate}: ` +
          `validation macro F1 ${validation.toFixed(3)} after epoch ${epoch}`,
      )
      if (validation > chosen.validation) chosen = { setting, validation }
    }
    const runs: RunScores[] = []
    for (const seed of seeds) {
      const trained = await trainSentiment(task, splits, sides, chosen.setting, seed)
      onNote(
        `${name}, seed ${seed}: validation ${trained.validation.toFixed(3)} after epoch ${trained.epoch}`,
      )
      runs.push(scoresOf(await trained.predict(splits.test)))
      await trained.dispose()
    }
    ways.push({ name, runs })
  }
  return ways
}
