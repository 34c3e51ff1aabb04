import { type DecodedPictures, type NamedPicture, type PostInput, type ReadPost, readPost } from '@mafjs/data'
import type { PicturePreparation } from '@mafjs/encoders'
import {
  type ExplainedPicture,
  type ExplainedWord,
  type Explanation,
  entityChanges,
  occlusion,
  type WhatIf,
} from '@mafjs/explain'
import type { MafConfig } from '../model/config'
import { refuseSeveral } from '../model/single-picture'
import { type TaggedPost, wordLabels } from '../task/decode-posts'
import type { TagOptions } from '../task/tag'
import type { AnnotatorParts } from './annotate-posts'
import type { AnnotateOptions } from './annotation'
import { entitiesOf } from './entities-of'
import type { ExplainOptions } from './explain-options'
import { explanationNotes } from './explanation-notes'
import { type PictureRegions, pictureRegions, placesOf, USUAL_GRID } from './picture-regions'

/** What explains posts. */
export interface ExplainerParts extends AnnotatorParts {
  config: MafConfig
  decode(post: Pick<ReadPost, 'sources'>, options: AnnotateOptions): Promise<DecodedPictures>
  /** How pictures are prepared; none for a model of text alone. */
  preparation: PicturePreparation | undefined
  /** Computes maps, too, where it can. */
  explaining: TagOptions['program']
}

/** Makes what says why a post is annotated as it is. */
export const explainer = (parts: ExplainerParts) => {
  const { preprocessing, single, config, preparation } = parts
  const labels = wordLabels(config.labels)
  const regions = pictureRegions(config)
  const grid = regions?.grid ?? USUAL_GRID
  const onGrid = (pictures: readonly NamedPicture[]): ExplainedPicture[] =>
    pictures.map(({ name, upright }) => ({ name, ...upright, ...grid }))

  return async (post: PostInput, options: ExplainOptions): Promise<Explanation> => {
    const { signal, minScore = 0, withoutPicture = false, otherPicture } = options
    const read = readPost(post, { splitter: preprocessing.splitter, pictures: preparation !== undefined })
    if (single && read.sources.length > 1) refuseSeveral(`${read.sources.length} pictures`)
    const { pictures, skipped } = await parts.decode(read, options)
    const hasPicture = pictures.length > 0

    const tagOne = async (pictures: readonly NamedPicture[]): Promise<TaggedPost | undefined> => {
      const [tagged] = await tagVariants(parts, read, [pictures.map(({ pixels }) => pixels)], {
        ...{ program: parts.explaining, signal },
      })
      return tagged
    }
    const said = await tagOne(pictures)
    const entities = entitiesOf(read, said, minScore)
    const whatIf = async (picture: WhatIf['picture'], other: readonly NamedPicture[]): Promise<WhatIf> => {
      const tagged = await tagOne(other)
      const changed = entitiesOf(read, tagged, minScore)
      return {
        picture,
        pictures: onGrid(other),
        entities: changed,
        match: tagged?.match ?? null,
        changes: entityChanges(entities, changed),
      }
    }
    const whatIfs: WhatIf[] = []
    if (withoutPicture && hasPicture) whatIfs.push(await whatIf('none', []))
    if (otherPicture !== undefined) {
      // Who names a picture wants that one: it is never left out.
      const other = await parts.decode({ sources: [otherPicture] }, { signal })
      whatIfs.push(await whatIf('other', other.pictures))
    }

    const places = said?.labels.map(label => labels.indexOf(label)) ?? []
    const falls =
      options.occlusion && hasPicture && said
        ? await occlusion({
            pictures: pictures.map(({ pixels }) => pixels),
            grid,
            predict: async variants =>
              (await tagVariants(parts, read, variants, { signal })).map(({ explained = [] }) =>
                explained.map(({ probabilities }, word) => probabilities[places[word]!]!),
              ),
          })
        : undefined
    return {
      text: read.text,
      entities,
      match: said?.match ?? null,
      cutWords: said?.cutWords ?? 0,
      labels,
      words: said ? wordsOf(read, said, { regions, falls }) : [],
      pictures: onGrid(pictures),
      ...(skipped.length > 0 && { skippedPictures: skipped }),
      whatIf: whatIfs,
      notes: explanationNotes(config, { said, hasPicture, regions }),
    }
  }
}

/** Tags the text of a post with other pictures; a text without a word has nothing to tag. */
async function tagVariants(
  { tag, picturesOf, preparation }: ExplainerParts,
  { example }: ReadPost,
  variants: readonly (readonly Float32Array[])[],
  options: Pick<TagOptions, 'signal'> & { program?: TagOptions['program'] },
): Promise<TaggedPost[]> {
  if (example.words.length === 0) return []
  const shown = new Map(variants.map(pictures => [{ ...example }, [...pictures]]))
  const load: NonNullable<TagOptions['pictures']>['load'] = async examples =>
    picturesOf(
      examples.map(one => shown.get(one as typeof example)!),
      options.signal,
    )
  return tag([...shown.keys()], { ...options, explain: true, pictures: preparation && { load } })
}

function wordsOf(
  { example, offsets, text }: ReadPost,
  { labels, explained = [] }: TaggedPost,
  { regions, falls }: { regions: PictureRegions | undefined; falls: number[][] | undefined },
): ExplainedWord[] {
  return example.words.map((_, word) => {
    const [start, end] = offsets[word]!
    const { probabilities = null, gate = null, attention = null } = explained[word] ?? {}
    return {
      text: text.slice(start, end),
      start,
      end,
      label: labels[word]!,
      probabilities,
      gate,
      attention: attention && regions ? placesOf(attention, regions) : null,
      occlusion: falls?.[word] ?? null,
    }
  })
}
