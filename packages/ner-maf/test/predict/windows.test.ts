import { type Engine, useEngine } from '@mafjs/compile/engine'
import { type Post, windowsOf } from '@mafjs/data'
import { extractSpans } from '@mafjs/evaluate'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { MafConfig } from '../../src/model/config'
import type { Maf } from '../../src/model/maf'
import type { TaggedPost } from '../../src/task/decode-posts'
import { createMafProgram } from '../../src/task/maf-program'
import { tag } from '../../src/task/tag'
import { BOTH_ENGINES } from '../engine/both-engines'
import { POSTS, pictures, tinyMaf, tinyReference, tinyText } from '../model/tiny'
import { longPost, tokenizerOf, withoutContext } from '../model/without-context'

const [WHOLE, SHORT, OVERLAP] = [128, 16, 6]
const LONG = [longPost(40, 'a.png'), longPost(9), longPost(33), longPost(3, 'c.png')]
const CONFIGS: [string, MafConfig][] = [
  ['text only', tinyText()],
  // Matching weighs the states by how well the window goes with the picture: that is context.
  ['with pictures', tinyMaf({ without: ['matching'] })],
  ['over word pieces', tinyMaf({ steps: 'pieces', without: ['matching'] })],
]

describe.each(BOTH_ENGINES)('on %s', (_, options) => {
  let engine: Engine
  beforeAll(async () => {
    engine = await useEngine(options)
  })

  const tagWith = async (
    model: Maf,
    examples: readonly Post[],
    maxLength: number,
    windowOverlap?: number,
    batchSize = 4,
  ): Promise<TaggedPost[]> => {
    const program = createMafProgram(model, engine)
    const tokenizer = tokenizerOf(maxLength)
    const tagger = {
      model,
      program,
      tokenizer,
      pictures,
      batchSize,
      windowOverlap,
    }
    return tag(examples, tagger).finally(program.dispose)
  }

  it.each([...CONFIGS, ['of fixed length', tinyReference({ tokens: 16 })] as const])(
    '%s: posts that fit are tagged as without windows, to the last bit',
    async (_, config) => {
      const model = withoutContext(config)
      const tagged = await tagWith(model, POSTS, 16, OVERLAP)
      expect(tagged).toEqual(await tagWith(model, POSTS, 16))
      expect(tagged.every(({ windows }) => windows === 1)).toBe(true)
      model.dispose()
    },
  )

  it.each(CONFIGS)('%s: without context, posts in windows are tagged as whole ones', async (_, config) => {
    const model = withoutContext(config)
    const whole = await tagWith(model, LONG, WHOLE)
    expect(whole.map(({ windows }) => windows)).toEqual([1, 1, 1, 1])
    for (const [overlap, batchSize] of [
      [OVERLAP, 4],
      [0, 1],
      [13, 4],
    ] as const) {
      const tagged = await tagWith(model, LONG, SHORT, overlap, batchSize)
      expect(tagged[0]!.windows).toBeGreaterThan(3)
      expect(tagged.map(({ cutWords }) => cutWords)).toEqual([0, 0, 0, 0])
      expect(tagged.map(({ labels }) => labels)).toEqual(whole.map(({ labels }) => labels))
      for (const [row, { entities, labels }] of tagged.entries()) {
        const { entities: expected } = whole[row]!
        expect(entities.map(({ score: _, ...span }) => span)).toEqual(
          expected.map(({ score: _, ...span }) => span),
        )
        for (const [i, { score }] of entities.entries()) expect(score).toBeCloseTo(expected[i]!.score, 4)
        expect(extractSpans(labels, 'strict')).toHaveLength(entities.length)
      }
    }
    // Not one label for all words, or there would be little to get wrong.
    expect(new Set(whole[0]!.labels).size).toBeGreaterThan(2)
    model.dispose()
  })

  it('an entity that runs through every window comes out whole', async () => {
    const model = withoutContext(tinyText())
    const labels = model.config.labels
    const set = (name: string, value: (i: number) => number): void => {
      const variable = model.parameters()[name]!
      variable.assign(
        tf.tensor(
          Float32Array.from({ length: variable.size }, (_, i) => value(i)),
          variable.shape,
        ),
      )
    }
    const [begin, inside] = [labels.indexOf('B-LOC'), labels.indexOf('I-LOC')]
    set('classifier.weight', () => 0)
    // Only the first word could begin it: a window decoded by itself would begin another.
    set('classifier.bias', i => (i === inside ? 5 : 0))
    set('crf.transitions', i => (i % labels.length === begin ? -20 : 0))
    const [tagged] = await tagWith(model, [LONG[0]!], SHORT, OVERLAP)
    expect(tagged!.entities).toMatchObject([{ type: 'LOC', start: 0, end: 40 }])
    model.dispose()
  })

  it('the match of a post is the mean of its windows by their own words', async () => {
    const model = withoutContext(tinyMaf())
    const [tagged] = await tagWith(model, [LONG[0]!], SHORT, OVERLAP)
    const windows = windowsOf(LONG[0]!, { tokenizer: tokenizerOf(SHORT), windowOverlap: OVERLAP })
    const each = await tagWith(
      model,
      windows.map(({ example }) => example),
      SHORT,
    )
    const mean = windows.reduce((sum, { own }, i) => sum + (each[i]!.match! * (own.end - own.start)) / 40, 0)
    expect(new Set(each.map(({ match }) => match!.toFixed(5))).size).toBeGreaterThan(1)
    expect(tagged!.match).toBeCloseTo(mean, 5)
    model.dispose()
  })
})
