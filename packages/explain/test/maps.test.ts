import { expect, test } from 'vitest'
import { attentionMaps, gateSummaries, occlusion, regionBoxes } from '../src'

/** Numbers that tell where they stand. */
const counted = (...shape: number[]) => ({
  data: Float32Array.from({ length: shape.reduce((size, axis) => size * axis, 1) }, (_, i) => i),
  shape,
})

test('a gate is summarised over the channels of its word', () => {
  const gate = counted(2, 3, 5)
  // Row 1, token 2: 25, 26, 27, 28, 29. Five values lie at 0, 25, 50, 75 and 100 %.
  const [summary] = gateSummaries(gate, [{ row: 1, token: 2 }])
  expect(summary!.mean).toBe(27)
  expect(summary!.quantiles).toEqual([25.2, 26, 27, 28, 28.8].map(value => expect.closeTo(value, 9)))
  expect(gateSummaries({ data: [0.5, 0.25], shape: [1, 2, 1] }, [{ row: 0, token: 1 }])).toEqual([
    { mean: 0.25, quantiles: [0.25, 0.25, 0.25, 0.25, 0.25] },
  ])
})

test('an attention map is the rows of its word, one for each head, and their mean', () => {
  const [map] = attentionMaps(counted(2, 2, 3, 4), [{ row: 1, token: 1 }])
  const heads = [28, 40].map(start => [0, 1, 2, 3].map(region => start + region))
  expect(map).toEqual({ heads, mean: [34, 35, 36, 37] })
})

test('regions lie within what was seen, row by row', () => {
  const seen = { left: 0.25, top: 0, width: 0.5, height: 1 }
  expect(regionBoxes({ seen, rows: 2, columns: 2 })).toEqual([
    { left: 0.25, top: 0, width: 0.25, height: 0.5 },
    { left: 0.5, top: 0, width: 0.25, height: 0.5 },
    { left: 0.25, top: 0.5, width: 0.25, height: 0.5 },
    { left: 0.5, top: 0.5, width: 0.25, height: 0.5 },
  ])
})

test('occlusion finds the one region that an answer depends on, in sizes that do not divide too', async () => {
  const [size, grid] = [7, { rows: 3, columns: 3 }]
  const pictures = [0, 1].map(() => new Float32Array(size * size * 3).fill(1))
  const before = pictures.map(pixels => [...pixels])
  const asked: number[] = []
  const falls = await occlusion({
    pictures,
    grid,
    batchSize: 4,
    // The second picture's pixel in row 3 and column 5 lies in the middle row's last region.
    predict: async variants => {
      asked.push(variants.length)
      return variants.map(([first, second]) => [second![(3 * size + 5) * 3]!, first![0]! * 2])
    },
  })
  const at = (place: number, value: number): number[] =>
    Array.from({ length: 18 }, (_, i) => (i === place ? value : 0))
  expect(falls).toEqual([at(9 + 5, 1), at(0, 2)])
  expect(asked).toEqual([1, 4, 4, 4, 4, 2])
  expect(pictures.map(pixels => [...pixels])).toEqual(before)
})

test('hiding every region hides every pixel once', async () => {
  const [size, grid] = [10, { rows: 3, columns: 4 }]
  const picture = Float32Array.from({ length: size * size * 3 }, (_, i) => i + 1)
  const hidden = new Array<number>(picture.length).fill(0)
  await occlusion({
    pictures: [picture],
    grid,
    predict: async variants =>
      variants.map(([pixels]) => {
        for (const [i, value] of pixels!.entries()) if (value === 0) hidden[i] = hidden[i]! + 1
        return []
      }),
  })
  expect(hidden.every(times => times === 1)).toBe(true)
})
