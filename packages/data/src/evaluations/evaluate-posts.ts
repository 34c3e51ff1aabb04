import { classifyErrors, evaluateLabels } from '@mafjs/evaluate'
import {
  type Evaluation,
  type EvaluationFolder,
  type LabelledWords,
  predictionOf,
  seenEntities,
} from '@mafjs/evaluate/evaluations'
import { dataFingerprint, pictureFingerprint } from '../fingerprints'
import { goldLabels } from '../posts/gold-labels'
import { predictionsToScore } from '../posts/labelled-part'
import type { Post } from '../posts/post'

/** What was computed by, and on what: the part of an evaluation's context that its posts do not tell. */
export type EvaluatedBy = Pick<
  Evaluation['context'],
  'version' | 'model' | 'data' | 'split' | 'encoders' | 'modules' | 'seed'
>

/** What an evaluation is made of. */
export interface EvaluatePostsInputs {
  posts: readonly Post[]
  /** One for each post: a label for each word, and the probability that text and picture belong together. */
  tagged: readonly { readonly labels: readonly string[]; readonly match: number | null }[]
  /** The picture file each post was read with. */
  pictures: readonly (string | undefined)[]
  by: EvaluatedBy
  /** The training split, whose entities count as seen. */
  train?: readonly Post[] | undefined
  /** Whether the words go into the predictions. @default false */
  words?: boolean | undefined
}

const labelled = (posts: readonly Post[]): LabelledWords[] =>
  goldLabels(posts).map((labels, post) => ({ words: posts[post]!.words, labels }))

/**
 * Makes an evaluation and its predictions of posts that any model has tagged. Entities predicted where posts were not labelled
 * are in neither.
 *
 * @throws InvalidArgumentError for posts without labels, or labels of another scheme.
 */
export function evaluatePosts({
  posts,
  tagged,
  pictures,
  by,
  train,
  words,
}: EvaluatePostsInputs): EvaluationFolder {
  const gold = goldLabels(posts)
  const predicted = predictionsToScore(
    posts,
    tagged.map(({ labels }) => labels),
  )
  const report = evaluateLabels({ gold, predicted })
  const withPicture = pictures.filter(file => file !== undefined).length
  const { version, model, data, split, encoders, modules, seed } = by
  return {
    evaluation: {
      kind: 'evaluation',
      context: {
        ...{ version, model, data, split },
        dataFingerprint: dataFingerprint(posts),
        sentences: posts.length,
        entities: { strict: report.strict.micro.support, lenient: report.lenient.micro.support },
        pictures: withPicture,
        pictureFingerprint: withPicture > 0 ? pictureFingerprint(pictures) : null,
        ...{ encoders, modules, seed },
      },
      ...report,
      errors: classifyErrors({ gold, predicted }),
      seen: train
        ? seenEntities({
            train: { fingerprint: dataFingerprint(train), posts: labelled(train) },
            posts: labelled(posts),
            predicted,
          })
        : null,
    },
    predictions: posts.map((post, i) =>
      predictionOf({ ...post, gold: gold[i]!, predicted: predicted[i]!, match: tagged[i]!.match }, words),
    ),
  }
}
