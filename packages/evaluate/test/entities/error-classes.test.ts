import { randomWords } from '@mafjs/tensor/random'
import { describe, expect, it } from 'vitest'
import { classifyErrors, matchSpans } from '../../src/entities/error-classes'
import { extractSpans, type Span } from '../../src/entities/spans'

const rows = (text: string): string[][] => text.split(' | ').map(row => row.split(' ').filter(Boolean))

describe('classifyErrors, worked by hand', () => {
  it.each([
    ['correct', 'O B-PER I-PER', 'O B-PER I-PER', { correct: 1 }],
    ['another type', 'O B-PER I-PER', 'O B-LOC I-LOC', { type: 1 }],
    ['other borders', 'O B-PER I-PER', 'B-PER I-PER I-PER', { boundary: 1 }],
    ['both', 'O B-PER I-PER', 'O B-LOC O', { boundaryAndType: 1 }],
    ['missed', 'B-PER O O', 'O O O', { missed: 1 }],
    ['side by side is no overlap', 'B-PER O O', 'O B-PER O', { missed: 1, spurious: 1 }],
    ['one prediction over two entities', 'B-PER B-PER', 'B-PER I-PER', { boundary: 1, missed: 1 }],
    ['two predictions in one entity', 'B-PER I-PER', 'B-PER B-LOC', { boundary: 1, spurious: 1 }],
    // PER 0-2, LOC 2-4 against LOC 1-3, PER 3-4: the same type before the leftmost pair.
    [
      'the purer pair first',
      'B-PER I-PER B-LOC I-LOC',
      'O B-LOC I-LOC B-PER',
      { boundary: 1, missed: 1, spurious: 1 },
    ],
    // PER 0-2, PER 2-4 against PER 1-3, LOC 3-4: the pair that leaves room for another one.
    [
      'room for more pairs',
      'B-PER I-PER B-PER I-PER',
      'O B-PER I-PER B-LOC',
      { boundary: 1, boundaryAndType: 1 },
    ],
    ['an I- that continues nothing is nothing', 'B-PER I-LOC', 'B-PER O', { correct: 1 }],
  ])('%s', (_, gold, predicted, expected) => {
    const none = { correct: 0, type: 0, boundary: 0, boundaryAndType: 0, missed: 0, spurious: 0 }
    expect(classifyErrors({ gold: rows(gold), predicted: rows(predicted) }).counts).toEqual({
      ...none,
      ...expected,
    })
  })

  it('tells which types are taken for which where the borders are the same', () => {
    const { confusion } = classifyErrors({
      gold: rows('B-PER B-PER B-LOC | B-PER I-PER O B-ORG'),
      predicted: rows('B-PER B-LOC B-LOC | B-LOC O O B-PER'),
    })
    expect(confusion).toEqual({ PER: { PER: 1, LOC: 1 }, LOC: { LOC: 1 }, ORG: { PER: 1 } })
  })
})

/** Random labels; B- often, so that spans stand close together. */
function draw(length: number, seed: number, site: string): Span[] {
  const labels = Array.from(randomWords(length, { seed, site }), word => {
    const type = ['PER', 'LOC'][(word >>> 8) % 2]
    return ['O', `B-${type}`, `I-${type}`, `I-${type}`][word % 4]!
  })
  return extractSpans(labels, 'strict')
}

/** What the rule wants the most of, for every pairing there is. */
function bestByTrying(gold: readonly Span[], predicted: readonly Span[]): number[] {
  let best = [0, 0, 0, 0, 0]
  const compare = (worth: number[]): void => {
    const place = worth.findIndex((value, i) => value !== best[i])
    if (place >= 0 && worth[place]! > best[place]!) best = worth
  }
  const walk = (index: number, used: ReadonlySet<number>, worth: number[]): void => {
    if (index === gold.length) {
      compare(worth)
      return
    }
    walk(index + 1, used, worth)
    const { type, start, end } = gold[index]!
    for (const [p, other] of predicted.entries()) {
      const shared = Math.min(end, other.end) - Math.max(start, other.start)
      if (used.has(p) || shared <= 0) continue
      const exact = start === other.start && end === other.end
      const kind = exact ? (type === other.type ? 0 : 1) : type === other.type ? 2 : 3
      const added = worth.map((value, i) => value + (i === kind ? 1 : i === 4 ? shared : 0))
      walk(index + 1, new Set([...used, p]), added)
    }
  }
  walk(0, new Set(), best)
  return best
}

describe('matchSpans, against every pairing there is', () => {
  it('finds the best one, uses every entity once, and its counts add up', () => {
    const seen = new Set<string>()
    for (let seed = 0; seed < 3000; seed++) {
      const length = 2 + (seed % 9)
      const gold = draw(length, seed, 'gold')
      const predicted = draw(length, seed, 'predicted')
      const matches = matchSpans(gold, predicted)
      const count = (name: string): number => matches.filter(match => match.class === name).length
      const shared = matches.reduce(
        (sum, { gold: g, predicted: p }) =>
          sum + (g && p ? Math.min(g.end, p.end) - Math.max(g.start, p.start) : 0),
        0,
      )
      const worth = [...['correct', 'type', 'boundary', 'boundaryAndType'].map(count), shared]
      expect(worth, `seed ${seed}`).toEqual(bestByTrying(gold, predicted))
      const used = matches.flatMap(match => (match.gold ? [match.gold] : []))
      expect(new Set(used)).toEqual(new Set(gold))
      expect(used.length).toBe(gold.length)
      const found = matches.flatMap(match => (match.predicted ? [match.predicted] : []))
      expect(new Set(found)).toEqual(new Set(predicted))
      expect(found.length).toBe(predicted.length)
      seen.add(worth.slice(0, 4).join())
    }
    expect(seen.size).toBeGreaterThan(30)
  })
})
