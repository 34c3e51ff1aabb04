import { describe, expect, it } from 'vitest'
import { areaUnderRoc, classificationReport } from '../../src'

describe('a classification report', () => {
  it('has the numbers that were worked out by hand', () => {
    // cat: 2 right of 3 gold and 2 predicted; dog: 1 of 2 and 3; owl: 0 of 1 and 1.
    const gold = ['cat', 'cat', 'cat', 'dog', 'dog', 'owl']
    const predicted = ['cat', 'cat', 'dog', 'dog', 'owl', 'dog']
    const { accuracy, macro, weighted, classes } = classificationReport({ gold, predicted })
    expect(accuracy).toBe(3 / 6)
    expect(classes.get('cat')).toEqual({ precision: 1, recall: 2 / 3, f1: 4 / 5, support: 3 })
    expect(classes.get('dog')).toEqual({ precision: 1 / 3, recall: 1 / 2, f1: 2 / 5, support: 2 })
    expect(classes.get('owl')).toEqual({ precision: 0, recall: 0, f1: 0, support: 1 })
    expect(macro.f1).toBeCloseTo((4 / 5 + 2 / 5) / 3, 12)
    expect(weighted.f1).toBeCloseTo((3 * (4 / 5) + 2 * (2 / 5)) / 6, 12)
    // Recall weighted by support is the accuracy.
    expect(weighted.recall).toBeCloseTo(accuracy, 12)
  })

  it('a class that nobody has counts as 0 where it is named, and user text is never a key of an object', () => {
    const one = { gold: ['__proto__', 'a'], predicted: ['__proto__', 'a'] }
    expect(classificationReport(one).macro.f1).toBe(1)
    expect(classificationReport({ ...one, classes: ['__proto__', 'a', 'b', 'constructor'] }).macro.f1).toBe(
      0.5,
    )
    expect(classificationReport(one).classes.get('__proto__')!.support).toBe(1)
  })

  it.each([
    [{ gold: [], predicted: [] }, 'gold must have at least one row'],
    [
      { gold: [1], predicted: [1, 2] },
      'predicted must have a class for each of the 1 rows of gold. Received: 2',
    ],
    [{ gold: [1], predicted: [2], classes: [1] }, 'predicted must be one of the classes 1. Received: 2'],
  ])('refuses %o', (pairs, message) => {
    expect(() => classificationReport(pairs)).toThrow(message)
  })
})

it('the area under the curve is the share of pairs in the right order, ties a half', () => {
  const [positive, negative] = [
    [0.9, 0.5, 0.5, 0.2],
    [0.5, 0.1, 0.3],
  ]
  const pairs = positive.flatMap(high => negative.map(low => (high > low ? 1 : high === low ? 0.5 : 0)))
  const expected = pairs.reduce((sum: number, won) => sum + won, 0) / pairs.length
  expect(areaUnderRoc(positive, negative)).toBeCloseTo(expected, 12)
  expect(areaUnderRoc([], negative)).toBeNull()
})
