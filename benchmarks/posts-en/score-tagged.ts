import { join } from 'node:path'
import { dataFingerprint, goldLabels, predictionsToScore, readExamples } from '@mafjs/data'
import { type EntityScores, evaluateLabels, percent } from '@mafjs/evaluate'
import { readLabels } from '../real-data/score-labels'
import { SOURCES } from './sources'

/** What the posts of one file were scored with. */
export interface TaggedScore {
  posts: number
  /** Of the posts. */
  fingerprint: string
  strict: EntityScores
  lenient: EntityScores
}

/** Scores of the sets, by name. */
export type TaggedSets = Record<string, TaggedScore>

/**
 * Scores labels that another program gave to posts, a JSON list for each; entities of a type, or on a word, that was not labelled
 * count neither way.
 */
export async function scoreTagged(posts: string, labels: string): Promise<TaggedScore> {
  const read = await readExamples(posts)
  const { examples } = read
  const predicted = predictionsToScore(examples, await readLabels(labels, read))
  const { strict, lenient } = evaluateLabels({ gold: goldLabels(examples), predicted })
  return { posts: examples.length, fingerprint: dataFingerprint(examples), strict, lenient }
}

/** Scores the labels `SET/test.jsonl` in a folder for those posts of another. */
export async function scoreTaggedSets({
  posts,
  labels,
}: {
  posts: string
  labels: string
}): Promise<TaggedSets> {
  const scores: [string, TaggedScore][] = []
  for (const { name } of SOURCES) {
    const file = join(name, 'test.jsonl')
    scores.push([name, await scoreTagged(join(posts, file), join(labels, file))])
  }
  return Object.fromEntries(scores)
}

/** F1 of every set in a line. */
export const taggedLine = (scores: TaggedSets): string =>
  Object.entries(scores)
    .map(([name, { strict, lenient }]) => {
      const [one, other] = [strict, lenient].map(({ micro }) => percent(micro.f1))
      return `${name} ${one} (lenient ${other})`
    })
    .join(', ')
