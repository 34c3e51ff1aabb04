import { areaUnderRoc } from '@mafjs/evaluate'
import type { Comparison } from '@mafjs/evaluate/evaluations'
import { describe, expect, it } from 'vitest'
import { flipTest } from '../posts-en-pictures/flip-test'
import { KINDS, TYPE_OF } from '../posts-en-pictures/kinds'
import { kindByCaptions, kindByClass, type Photograph } from '../posts-en-pictures/photographs'
import {
  AMBIGUOUS_NAMES,
  ambiguousSentences,
  type PairAnswers,
  pairAccuracy,
  pairPhotographs,
  tellingSentences,
} from '../posts-en-pictures/probe'
import { judgeVariant, TEST } from '../posts-en-pictures/verdict'

const photographs: Photograph[] = KINDS.flatMap((kind, k) =>
  Array.from({ length: [18, 14, 44, 25][k]! }, (_, i) => ({ file: `${kind}-${i}.jpg`, kind })),
)
// Enough for p < 0.05; the judge takes more.
const ROUNDS = 500
const pairs = pairPhotographs(photographs, TEST.seed)

describe('the photographs of the probe', () => {
  it('are of the kind that four captions speak of, and no other', () => {
    const captions = (...last: string[]) => ['a dog', 'a dog', 'the dog', ...last]
    expect(kindByCaptions(captions('Dog', 'grass'))).toBe('animal')
    expect(kindByCaptions(captions('grass', 'grass'))).toBeUndefined()
    expect(kindByCaptions(captions('a man, a dog', 'a man'))).toBe('animal')
    expect(kindByCaptions(['man and dog', 'man and dog', 'man and dog', 'a dog', 'a man'])).toBeUndefined()
    expect(kindByCaptions(new Array(5).fill('a man on a skateboard'))).toBe('person')
    expect(kindByCaptions(new Array(5).fill('a hotdog'))).toBeUndefined()
    expect(kindByClass('390_eel.jpg')).toBe('animal')
    expect(kindByClass('980_volcano.jpg')).toBe('place')
    expect(kindByClass('700_paper_towel.jpg')).toBeUndefined()
  })

  it('are paired across types, each once, with sentences whose name stands where it is said to', () => {
    expect(pairs).toHaveLength(25)
    const files = pairs.flat().map(({ file }) => file)
    expect(new Set(files).size).toBe(50)
    for (const pair of pairs) {
      const [a, b] = pair
      expect(TYPE_OF[a.kind]).not.toBe(TYPE_OF[b.kind])
      expect(ambiguousSentences(pair)).toHaveLength(24)
      for (const { text, start, end } of ambiguousSentences(pair))
        expect(Object.values(AMBIGUOUS_NAMES).flat()).toContain(text.slice(start, end))
      expect(tellingSentences(a)).toHaveLength(6)
    }
  })
})

it('the test by exchange agrees with all exchanges that there are', () => {
  const gains = [3, 1, 2, -1, 4, 2, 0.5, 1, 1, 3]
  const sum = (turned: readonly boolean[]): number =>
    gains.reduce((total, gain, i) => total + (turned[i] ? -gain : gain), 0)
  let asFar = 0
  for (let way = 0; way < 1024; way++) {
    const turned = gains.map((_, i) => ((way >> i) & 1) === 1)
    if (Math.abs(sum(turned)) >= sum(gains.map(() => false)) - 1e-9) asFar++
  }
  const { value, p } = flipTest(10, sum, { none: 0, rounds: 20_000, seed: 1 })
  expect(value).toBe(16.5)
  // 20,000 rounds: three deviations of a share of 1 %.
  expect(Math.abs(p - asFar / 1024)).toBeLessThan(0.003)
})

describe('the verdict', () => {
  const comparison = (strict: number, lenient: number) =>
    ({
      strict: { difference: strict, bootstrap: 0.4 },
      lenient: { difference: lenient, bootstrap: 0.4 },
    }) as unknown as Comparison
  const fine = { 'text only': comparison(0, 0.01), 'without pictures': comparison(0.02, 0) }

  /** A model that says what a share of the photographs show, and MISC of the others. */
  const answers = (sees: (pair: number) => boolean, looks = 1): PairAnswers[] =>
    pairs.map((pair, i) => {
      const types = (shown: 0 | 1) =>
        ambiguousSentences(pair).map(() => (sees(i) ? TYPE_OF[pair[shown].kind] : 'MISC'))
      const scores = (match: number) => Array.from({ length: 12 }, (_, s) => match * looks + s / 100)
      return { pair, types: [types(0), types(1)], own: scores(0.3), exchanged: scores(0.2) }
    })
  const ships = (...bySeed: PairAnswers[][]) => judgeVariant(fine, bySeed, ROUNDS).ships

  it('lets a model ship that looks with every seed', () => {
    const some = answers(i => i % 2 === 0)
    expect(pairAccuracy(some[0]!)).toEqual({ own: 1, exchanged: 0 })
    expect(ships(some, some, some)).toBe(true)
    const { found } = judgeVariant(fine, [some], ROUNDS).conditions.at(-1)!
    const all = (side: 'own' | 'exchanged') => some.flatMap(one => one[side])
    expect(found).toBeCloseTo(areaUnderRoc(all('own'), all('exchanged'))!, 12)
  })

  it('stops one that does not look, that looks with two seeds of three, or whose match says nothing', () => {
    const [looking, blind] = [answers(() => true), answers(() => false)]
    expect(ships(blind, blind, blind)).toBe(false)
    expect(ships(looking, looking, blind)).toBe(false)
    const unmatched = answers(() => true, 0)
    expect(ships(unmatched, unmatched, unmatched)).toBe(false)
    // Two pairs of 25 are chance.
    const few = answers(i => i < 2)
    expect(ships(few, few, few)).toBe(false)
  })

  it('stops one that is worse on real posts by any rule against either', () => {
    const looking = answers(() => true)
    for (const name of ['text only', 'without pictures'])
      for (const worse of [comparison(-0.001, 0), comparison(0, -0.001)])
        expect(judgeVariant({ ...fine, [name]: worse }, [looking, looking], ROUNDS).ships).toBe(false)
  })
})
