import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { extractSpans, type SpanRule } from '../../src/entities/spans'

describe('worked by hand', () => {
  const show = (labels: string, rule: SpanRule): string =>
    extractSpans(labels.split(' '), rule)
      .map(({ type, start, end }) => `${type}[${start},${end})`)
      .join(' ')

  test.each([
    ['O O', '', ''],
    ['B-PER I-PER O B-LOC', 'PER[0,2) LOC[3,4)', 'PER[0,2) LOC[3,4)'],
    ['B-PER B-PER I-PER', 'PER[0,1) PER[1,3)', 'PER[0,1) PER[1,3)'],
    ['I-PER I-PER O', '', 'PER[0,2)'],
    ['O I-PER B-PER', 'PER[2,3)', 'PER[1,2) PER[2,3)'],
    ['B-PER I-LOC I-LOC', 'PER[0,1)', 'PER[0,1) LOC[1,3)'],
    ['B-PER I-LOC I-PER', 'PER[0,1)', 'PER[0,1) LOC[1,2) PER[2,3)'],
    ['B-PER O I-PER', 'PER[0,1)', 'PER[0,1) PER[2,3)'],
    ['B-a-b I-a-b I-b', 'a-b[0,2)', 'a-b[0,2) b[2,3)'],
  ])('%s', (labels, strict, lenient) => {
    expect(show(labels, 'strict')).toBe(strict)
    expect(show(labels, 'lenient')).toBe(lenient)
    expect(show(labels, 'published')).toBe(lenient)
  })

  test('auxiliary labels end an entity, and are entities only under the published rule', () => {
    const labels = '[CLS] B-PER X I-PER X X [SEP] [PAD]'
    expect(show(labels, 'strict')).toBe('PER[1,2)')
    expect(show(labels, 'lenient')).toBe('PER[1,2) PER[3,4)')
    expect(show(labels, 'published')).toBe('[CLS][0,1) PER[1,2) X[2,3) PER[3,4) X[4,6) [SEP][6,7) [PAD][7,8)')
  })

  test.each(['S-PER', 'PER', 'B-', 'B', 'i-PER', ''])('the label "%s" is refused, not scored', label => {
    for (const rule of ['strict', 'lenient', 'published'] as const) {
      expect(() => extractSpans(['O', label], rule)).toThrow(
        'labels[1] must be O, B-type, I-type or one of [PAD], X, [CLS], [SEP]',
      )
    }
  })

  test('an unknown rule is refused', () => {
    expect(() => extractSpans(['O'], 'loose' as SpanRule)).toThrow(
      'rule must be strict, lenient or published',
    )
  })
})

describe('Twitter-2015', () => {
  const file = new URL('../../../../../shared/data/twitter2015/test.txt', import.meta.url)
  const present = existsSync(file)
  if (!present) console.warn('SKIPPED: the entity counts of Twitter-2015 (no ../shared/data/twitter2015)')

  test.skipIf(!present)('has 5,072 strict and 5,207 lenient test entities', () => {
    const posts = readFileSync(file, 'utf8').split('\n\n')
    const labels = posts.map(post =>
      post
        .split('\n')
        .filter(line => line !== '' && !line.startsWith('IMGID:'))
        .map(line => line.split('\t').at(-1)!),
    )
    const count = (rule: SpanRule): number => labels.flatMap(row => extractSpans(row, rule)).length
    expect({ strict: count('strict'), lenient: count('lenient') }).toEqual({ strict: 5072, lenient: 5207 })
  })
})
