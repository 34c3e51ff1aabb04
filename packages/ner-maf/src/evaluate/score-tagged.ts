import { goldLabels } from '@mafjs/data'
import { type EvaluationFolder, predictionOf } from '@mafjs/evaluate/evaluations'
import type { TaggedPost } from '../task/decode-posts'
import { type EvaluationInputs, evaluationOf } from './evaluation-of'

/** What is scored: everything of an evaluation but the labels, which the tagged posts have. */
export interface ScoreTaggedInputs extends Omit<EvaluationInputs, 'predicted'> {
  tagged: readonly TaggedPost[]
  /** Whether the words go into the predictions. @default false */
  words?: boolean | undefined
}

/**
 * Makes an evaluation and its predictions of tagged posts.
 *
 * @throws InvalidArgumentError for posts without labels, or labels of another scheme.
 */
export function scoreTagged({ tagged, words, ...inputs }: ScoreTaggedInputs): EvaluationFolder {
  const { examples } = inputs
  const gold = goldLabels(examples)
  return {
    evaluation: evaluationOf({ ...inputs, predicted: tagged.map(({ labels }) => labels) }),
    predictions: examples.map((example, post) => {
      const { labels: predicted, match } = tagged[post]!
      return predictionOf({ ...example, gold: gold[post]!, predicted, match }, words)
    }),
  }
}
