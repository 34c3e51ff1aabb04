import { join } from 'node:path'
import type { EvaluationReport } from '@mafjs/evaluate'
import { evaluateRun } from '@mafjs/ner-maf'
import { SOURCES } from './sources'

/** A model's scores on a set, by both rules. */
export interface SetScores extends Pick<EvaluationReport, 'strict' | 'lenient'> {
  set: string
  posts: number
}

/** What is scored. */
export interface ScoreSetsOptions {
  model: string
  /** The folder that `writePosts` wrote. */
  data: string
  split: 'valid' | 'test'
  threads: number
}

/** Scores a model on the split of every set, each on what its annotators labelled. */
export async function scoreSets({ model, data, split, threads }: ScoreSetsOptions): Promise<SetScores[]> {
  const scores: SetScores[] = []
  for (const { name: set } of SOURCES) {
    const { report } = await evaluateRun({ model, data: join(data, set, `${split}.jsonl`), threads })
    scores.push({ set, posts: report.sentences, strict: report.strict, lenient: report.lenient })
  }
  return scores
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Strict F1 on each set's own types, every set weighing alike. */
export const meanF1 = (scores: readonly SetScores[]): number =>
  mean(scores.map(({ strict }) => strict.micro.f1))

/** The same of PER, LOC and ORG alone. */
export const meanNamesF1 = (scores: readonly SetScores[]): number =>
  mean(
    scores.map(({ strict: { perType } }) => {
      const types = ['PER', 'LOC', 'ORG'].flatMap(type => perType[type] ?? [])
      const sum = (of: 'support' | 'predicted' | 'correct'): number =>
        types.reduce((total, type) => total + type[of], 0)
      return (2 * sum('correct')) / (sum('support') + sum('predicted'))
    }),
  )
