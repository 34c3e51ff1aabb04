import { describe, expect, test } from 'vitest'
import { chance, matchAuc, recallAt, scoreRetrieval, similarities } from '../metrics'

const square = (size: number, of: (row: number, column: number) => number): number[][] =>
  Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => of(row, column)))

describe('retrieval scores', () => {
  test('are 1 where every pair is nearest, and 0 where it is farthest', () => {
    const nearest = scoreRetrieval(square(20, (row, column) => (row === column ? 1 : 0)))
    expect(nearest).toEqual({ textToImage: [1, 1, 1], imageToText: [1, 1, 1], auc: 1 })
    const farthest = scoreRetrieval(square(20, (row, column) => (row === column ? -1 : 0)))
    expect(farthest).toEqual({ textToImage: [0, 0, 0], imageToText: [0, 0, 0], auc: 0 })
  })
  test('are those of chance where all scores are equal', () => {
    const { textToImage, imageToText, auc } = scoreRetrieval(square(40, () => 0.3))
    for (const [i, k] of [1, 5, 10].entries()) {
      expect(textToImage[i]).toBeCloseTo(k / 40, 12)
      expect(imageToText[i]).toBeCloseTo(k / 40, 12)
    }
    expect(auc).toBe(0.5)
    expect(chance(40)).toEqual({
      textToImage: [1 / 40, 1 / 8, 1 / 4],
      imageToText: [1 / 40, 1 / 8, 1 / 4],
      auc: 0.5,
    })
  })
  test('follow the rank of the right candidate', () => {
    // Row i has exactly i candidates above its own, so its rank is i + 1.
    const scores = square(12, (row, column) =>
      column === row ? 0 : (column - row + 12) % 12 <= row ? 1 : -1,
    )
    for (const k of [1, 2, 5, 12]) expect(recallAt(k, scores)).toBeCloseTo(k / 12, 12)
  })
  test('differ between the directions by the transpose', () => {
    // Picture 0 is every text's favourite: one text of three finds its own, but two pictures of three do.
    const scores = [
      [3, 0, 0],
      [4, 1, 0],
      [4, 0, 1],
    ]
    const { textToImage, imageToText } = scoreRetrieval(scores)
    expect(textToImage[0]).toBeCloseTo(1 / 3, 12)
    expect(imageToText[0]).toBeCloseTo(2 / 3, 12)
  })
  test('count the share of exchanged pairs below a matched one', () => {
    // Matched 2 and 0 against exchanged 1 and 1: two of four comparisons are won.
    expect(matchAuc([[2, 1], [1, 0]])).toBe(0.5) // biome-ignore format: a matrix
    expect(matchAuc([[2, 1], [2, 3]])).toBe(0.875) // biome-ignore format: a matrix
  })
  test('are over cosines: length does not count, and a vector of zeros is like nothing', () => {
    const [[same, across, none]] = similarities({
      text: { data: Float32Array.of(3, 4), shape: [1, 2] },
      image: { data: Float32Array.of(30, 40, -4, 3, 0, 0), shape: [3, 2] },
    }) as [number[]]
    expect(same).toBeCloseTo(1, 6)
    expect(across).toBeCloseTo(0, 6)
    expect(none).toBe(0)
  })
})
