import { pictureObject } from '@mafjs/demo-corpus'
import { quantile } from '@mafjs/evaluate'
import { regionBoxes } from '@mafjs/explain'
import { loadMaf } from '@mafjs/ner-maf'
import { uniform } from '@mafjs/tensor'
import { machineLine } from '../machine'
import { writeResult } from '../write-result'
import { picturePosts, readOptions, SIZE } from './options'

// Where the words look whose type only the picture tells, and what of it decides, on pictures whose object's place is known:
// `npm run explain-mass -- --model DIR`.

/** Below this no region mattered to the word. */
const NOTHING = 1e-6
const ROUNDS = 2000

interface Row {
  pictureClass: string
  /** Shares of the mass inside the object. */
  chance: number
  attention: number
  occlusion: number | null
}

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length

/** A mean with its 95 % interval over posts, by bootstrap. */
function meanOf(values: readonly number[]) {
  const means = Array.from({ length: ROUNDS }, (_, round) =>
    mean(
      Array.from(
        uniform(values.length, { seed: 37, site: `mass ${round}` }),
        share => values[Math.floor(share * values.length)]!,
      ),
    ),
  )
  return { mean: mean(values), low: quantile(means, 0.025), high: quantile(means, 0.975) }
}

const { model, posts: count, threads } = readOptions(200)
const maf = await loadMaf(model, { engine: 'onnx', threads })
const rows: Row[] = []
for (const { post, image } of await picturePosts(count)) {
  const { start } = post.entities.find(({ decidedBy }) => decidedBy === 'picture')!
  const { words, pictures } = await maf.explain(
    { text: post.text, tokens: post.words, image },
    { occlusion: true },
  )
  const { attention, occlusion } = words[start]!
  const object = await pictureObject({
    pictureClass: post.pictureClass!,
    seed: post.pictureSeed!,
    size: SIZE,
  })
  const inside = regionBoxes(pictures[0]!).map(({ left, top, width, height }) => {
    let sum = 0
    const [fromX, toX, fromY, toY] = [left, left + width, top, top + height].map(edge =>
      Math.round(edge * SIZE),
    )
    for (let y = fromY!; y < toY!; y++) for (let x = fromX!; x < toX!; x++) sum += object[y * SIZE + x]!
    return sum / ((toX! - fromX!) * (toY! - fromY!))
  })
  const share = (mass: readonly number[]): number =>
    mass.reduce((sum, one, region) => sum + one * inside[region]!, 0) /
    mass.reduce((sum, one) => sum + one, 0)
  const falls = occlusion!.map(fall => Math.max(0, fall))
  rows.push({
    pictureClass: post.pictureClass!,
    chance: mean(inside),
    attention: share(attention!.mean),
    occlusion: falls.some(fall => fall > NOTHING) ? share(falls) : null,
  })
}
await maf.dispose()

function summaryOf(chosen: readonly Row[]) {
  const occluded = chosen.filter(({ occlusion }) => occlusion !== null)
  return {
    posts: chosen.length,
    chance: meanOf(chosen.map(({ chance }) => chance)),
    attention: meanOf(chosen.map(({ attention }) => attention)),
    attentionOverChance: meanOf(chosen.map(({ attention, chance }) => attention - chance)),
    occludedPosts: occluded.length,
    occlusion: meanOf(occluded.map(({ occlusion }) => occlusion!)),
    occlusionOverChance: meanOf(occluded.map(({ occlusion, chance }) => occlusion! - chance)),
  }
}

const classes = [...new Set(rows.map(({ pictureClass }) => pictureClass))].sort()
const result = {
  all: summaryOf(rows),
  classes: Object.fromEntries(
    classes.map(name => [name, summaryOf(rows.filter(({ pictureClass }) => pictureClass === name))]),
  ),
}
const percent = ({ mean, low, high }: ReturnType<typeof meanOf>): string =>
  [mean, low, high]
    .map(one => (100 * one).toFixed(1))
    .join(' ')
    .replace(' ', ' (')
    .replace(/ (\S+)$/, ' to $1)')
console.log(machineLine())
for (const [name, one] of [['all', result.all] as const, ...Object.entries(result.classes)]) {
  console.log(
    `${name}: ${one.posts} posts; object's area ${percent(one.chance)} %; attention inside ${percent(one.attention)} %, over chance ${percent(one.attentionOverChance)}; occlusion inside ${percent(one.occlusion)} %, over chance ${percent(one.occlusionOverChance)} (${one.occludedPosts} posts)`,
  )
}
await writeResult('benchmarks/results', 'explain-mass', result)
