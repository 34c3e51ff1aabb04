import { buildPost } from './build-post'
import { createDealer } from './dealer'
import type { DemoPost } from './demo-post'
import { createDraws } from './draws'
import { type DemoType, demoTypes } from './entity-types'
import type { PlannedPost } from './kinds'
import { composeSentence, type NamedPart } from './sentences/compose-sentence'
import { decidedTemplates, emptyTemplates, openTemplates, secondTemplates } from './sentences/templates'

/** What a split is built from. */
export interface SplitParts {
  seed: number
  /** The split's name: begins the posts' ids. */
  split: string
  plan: readonly PlannedPost[]
  /** Names that occur in this split only. */
  names: readonly string[]
  /** Made-up words for mentions and hashtags. */
  nicknames: readonly string[]
  /** The share of posts with a name that get a second one. */
  secondNames: number
  /** The first post's picture seed; the others follow. */
  firstPictureSeed: number
}

/** Second types in turn; the picture of a `mismatch` post is of neither type. */
function createSecondTypes(): (planned: PlannedPost) => DemoType {
  let turn = 0
  return planned => {
    if (planned.kind === 'mismatch' && demoTypes[turn % demoTypes.length] === planned.pictureClass) turn++
    return demoTypes[turn++ % demoTypes.length]!
  }
}

/** First parts: templates in random order, each as often as the others, with a name where they have one. */
function createMainParts(key: { seed: number; site: string }, nextName: () => string) {
  const dealer = (templates: readonly string[], deck: string) =>
    createDealer(templates, { ...key, site: `${key.site}/${deck}` })
  const empty = dealer(emptyTemplates, 'empty')
  const open = dealer(openTemplates, 'open')
  const decided = new Map(demoTypes.map(type => [type, dealer(decidedTemplates[type], type)]))
  return ({ kind, type }: PlannedPost): NamedPart | string => {
    if (type === undefined) return empty()
    const template = kind === 'picture' ? open() : decided.get(type)!()
    return { template, name: nextName(), type }
  }
}

/** Builds the posts of one split in the order of its plan. */
export function buildSplit(parts: SplitParts): DemoPost[] {
  const { seed, split, plan, names, nicknames, secondNames, firstPictureSeed } = parts
  const nextName = createDealer(names, { seed, site: `demo/${split}/names` })
  const nextMain = createMainParts({ seed, site: `demo/${split}/templates` }, nextName)
  const nextSecondType = createSecondTypes()
  let line = 1
  return plan.map((planned, index) => {
    const draws = createDraws({ seed, step: index, site: `demo/${split}/post` })
    const main = nextMain(planned)
    let second: NamedPart | undefined
    if (planned.type !== undefined && draws.chance(secondNames)) {
      const type = nextSecondType(planned)
      second = { template: draws.pick(secondTemplates[type]), name: nextName(), type }
    }
    const post = buildPost({
      id: `${split}-${String(index + 1).padStart(5, '0')}`,
      planned,
      sentence: composeSentence(draws, { main, nicknames, second }),
      pictureSeed: firstPictureSeed + index,
      // A post without a picture has its id in a comment, which is before it.
      source: { file: `${split}.txt`, line: planned.kind === 'no-picture' ? line + 1 : line },
    })
    // The next post follows this one's words, the line with its id and an empty one.
    line += post.words.length + 2
    return post
  })
}
