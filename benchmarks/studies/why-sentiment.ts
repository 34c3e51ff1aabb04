import { hashDistance, nearDuplicates } from '@mafjs/data'
import { areaUnderRoc, classificationReport } from '@mafjs/evaluate'
import { standardizer } from '@mafjs/train'
import { CLASSES } from './frozen-sentiment'
import { type Ridge, ridgeRegression } from './ridge'
import { splitPosts } from './sentiment'
import type { StudyOptions, StudyResult } from './study'
import type { StudyPair } from './study-pairs'

const VIEWS: Readonly<Record<string, (post: StudyPair) => Float32Array>> = {
  text: ({ text }) => text,
  picture: ({ image }) => image,
  'text and picture': ({ text, image }) => Float32Array.from([...text, ...image]),
}

/**
 * What a linear map makes of the label: from the mean of a text's states, from a picture's, from both, with ever fewer posts to learn
 * from; and how often near-duplicates have the same label.
 */
export async function studyWhySentiment({
  real,
  only,
  keep = (_, make) => make(),
}: Pick<StudyOptions, 'keep' | 'only'> & { real: readonly StudyPair[] }): Promise<StudyResult> {
  const { train, valid, test } = splitPosts(real)
  const ways: Record<string, [number[]]> = {}
  const posts: Record<string, [{ accuracy: number[] }]> = {}
  const chosen: Record<string, number> = {}
  for (const [view, featuresOf] of Object.entries(VIEWS)) {
    for (const size of [train.length / 8, train.length / 4, train.length / 2, train.length].map(Math.round)) {
      const name = size === train.length ? view : `${view}, ${size} posts`
      if (only && !only.includes(name)) continue
      const probed = await keep(name.replaceAll(/\W+/g, '-'), async () => {
        const some = train.slice(0, size)
        const scale = standardizer(some.map(featuresOf))
        const rows = [some, valid, test].map(posts =>
          posts.map(post => ({ label: post.label!, features: scale(featuresOf(post)) })),
        )
        return probe(rows as [LabelledRow[], LabelledRow[], LabelledRow[]])
      })
      ways[name] = [probed.shares]
      posts[name] = [{ accuracy: probed.right }]
      chosen[name] = probed.penalty
    }
  }
  const figures = {
    ...agreement(real, 'near-duplicates by text', (a, b) => a.textGroup === b.textGroup),
    ...agreement(real, 'near-duplicates by picture', (a, b) => hashDistance(a.hash!, b.hash!) <= 6),
  }
  return { columns: ['accuracy', 'macro F1', 'AUC of positive'], ways, posts, chosen, figures }
}

interface LabelledRow {
  label: string
  features: Float32Array
}

/** Ridge regression to the classes, its penalty chosen by the macro F1 of validation rows. */
function probe([train, valid, test]: readonly [LabelledRow[], LabelledRow[], LabelledRow[]]) {
  const shareOf = (label: string): number => train.filter(row => row.label === label).length / train.length
  const shares = CLASSES.map(shareOf)
  const pairs = (rows: readonly LabelledRow[]) =>
    rows.map(({ label, features }) => ({
      text: features,
      image: Float32Array.from(CLASSES, (one, i) => Number(one === label) - shares[i]!),
    }))
  const ridge = ridgeRegression(pairs(train))
  const scoresOf = (predict: Ridge, rows: readonly LabelledRow[]) =>
    predict(pairs(rows)).map(({ text }) => Array.from(text, (value, i) => value + shares[i]!))
  const labelsOf = (scores: readonly number[][]) =>
    scores.map(values => CLASSES[values.indexOf(Math.max(...values))]!)
  const report = (scores: readonly number[][], rows: readonly LabelledRow[]) =>
    classificationReport({
      gold: rows.map(({ label }) => label),
      predicted: labelsOf(scores),
      classes: CLASSES,
    })
  const best = [100, 1e3, 1e4]
    .map(penalty => ({ penalty, predict: ridge(penalty) }))
    .map(one => ({ ...one, score: report(scoresOf(one.predict, valid), valid).macro.f1 }))
    .reduce((best, one) => (one.score > best.score ? one : best))
  const scores = scoresOf(best.predict, test)
  const { accuracy, macro } = report(scores, test)
  const positive = (is: boolean) =>
    scores.flatMap((values, i) => ((test[i]!.label === 'positive') === is ? [values[2]! - values[0]!] : []))
  return {
    penalty: best.penalty,
    shares: [accuracy, macro.f1, areaUnderRoc(positive(true), positive(false))!],
    right: labelsOf(scores).map((label, i) => Number(label === test[i]!.label)),
  }
}

type Grouped = StudyPair & { textGroup: number }

/** How many pairs of posts are alike, how many of them have the same label, and how many would by chance. */
function agreement(
  real: readonly StudyPair[],
  name: string,
  isAlike: (a: Grouped, b: Grouped) => boolean,
): Record<string, number> {
  const groups = nearDuplicates(real.map(({ words }) => ({ text: words })))
  const posts = real.map((post, i) => ({ ...post, textGroup: groups[i]! }))
  let [pairs, same] = [0, 0]
  for (const [i, a] of posts.entries()) {
    for (const b of posts.slice(i + 1)) {
      if (!isAlike(a, b)) continue
      pairs += 1
      same += Number(a.label === b.label)
    }
  }
  const chance = CLASSES.map(label => posts.filter(post => post.label === label).length / posts.length)
  return {
    [`${name}: pairs`]: pairs,
    [`${name}: same label`]: same / pairs,
    [`${name}: by chance`]: chance.reduce((sum, share) => sum + share ** 2, 0),
  }
}
