import { createGatedFusion } from '@mafjs/fuse'
import { createCrossAttention } from '@mafjs/interact'
import { chooseExchanges, createMatching, type Partners } from '@mafjs/match'
import { dropout, type Encoding, presence, takeRows } from '@mafjs/tensor'
import { composeModule, createLinear, maskedMean } from '@mafjs/tensor/compose'
import { defineClassifier, padEncoding } from '@mafjs/train'

export const CLASSES = ['negative', 'neutral', 'positive']

/** A post as frozen encoders have it. */
export interface FrozenPost {
  /** `[tokens, size]`, row-major; of no text a single token, the same for all. */
  tokens: Float32Array
  /** `[regions, channels]`, row-major; empty where there is no picture. */
  regions: Float32Array
  label: string
  /** That of its near-duplicates. */
  group: number
}

/** How a model on frozen features is made. */
export interface FrozenSentimentOptions {
  textSize: number
  imageSize: number
  /** Of tokens, regions and the post's vector in training. */
  dropoutRate: number
  /** What matching learns from: another picture before the interaction, or the finished states of another post. @default 'pictures' */
  exchange?: 'pictures' | 'states' | undefined
  /** Of the interaction: whether its states carry the post's own sentence, as in the paper. @default 'none' */
  residual?: 'none' | 'query' | undefined
  seed: number
  /** @default 128 */
  hidden?: number | undefined
}

type Inputs = { text: Encoding; image: Encoding; partners: Partners | undefined }

/** The example's sentiment task with frozen encoders: a projection in place of the text encoder, and regions as they come. */
export function frozenSentiment({
  textSize,
  imageSize,
  dropoutRate,
  exchange = 'pictures',
  residual,
  seed,
  hidden = 128,
}: FrozenSentimentOptions) {
  const attention = { hidden, imageSize, heads: 4, intermediate: 2 * hidden, residual }
  const parts = {
    project: createLinear({ inFeatures: textSize, outFeatures: hidden, seed }),
    interact: createCrossAttention({ ...attention, seed }),
    match: createMatching({ hidden, seed }),
    fuse: createGatedFusion({ hidden, seed }),
    head: createLinear({ inFeatures: 2 * hidden, outFeatures: CLASSES.length, seed }),
  }
  const model = composeModule(parts, (parts, { text: tokens, image: seen, partners }: Inputs, options) => {
    const { mask } = tokens
    const states = parts.project.apply(dropout(tokens.states, dropoutRate, 'tokens', options))
    const text = { states, summary: maskedMean(states, mask), mask }
    const image = { ...seen, states: dropout(seen.states, dropoutRate, 'regions', options) }
    const found = parts.interact.apply({ text, image }, options).states // [batch, tokens, hidden]
    const foreign = (): Encoding => ({
      states: takeRows(image.states, partners!),
      summary: takeRows(image.summary, partners!),
      mask: takeRows(image.mask, partners!),
    })
    const negatives =
      partners && exchange === 'pictures'
        ? parts.interact.apply({ text, image: foreign() }, options).states
        : undefined
    const given = { text, states: found, present: presence(image.mask), partners, negatives }
    const matching = parts.match.apply(given, options)
    const fused = parts.fuse.apply({ text, states: matching.states }, options) // [batch, tokens, 2 * hidden]
    const post = dropout(maskedMean(fused.states, mask), dropoutRate, 'post', options)
    return {
      logits: parts.head.apply(post),
      losses: { matching: matching.loss },
      extras: { match: matching.probability },
    }
  })
  return defineClassifier({
    ...{ model, classes: CLASSES, classOf: ({ label }: FrozenPost) => label, weights: { matching: 0.3 } },
    length: ({ tokens }) => tokens.length,
    collate(posts, run) {
      // A single token stands for no text: there is nothing to match.
      const ids = posts.map(({ tokens, regions, group }) =>
        tokens.length > textSize && regions.length > 0 ? group : null,
      )
      return {
        text: padEncoding(posts.map(({ tokens }) => tokens), { size: textSize }), // biome-ignore format: beside the next
        image: padEncoding(posts.map(({ regions }) => regions), { size: imageSize, positions: 9 }), // biome-ignore format: beside the last
        partners: run && chooseExchanges({ ids, minimum: 0, ...run }),
      }
    },
  })
}
