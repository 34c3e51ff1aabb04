import { expect, test } from 'vitest'
import { quantizeGraph } from '../../src'
import { constant, countOf, draw, graphOf, op, relativeDistance, roundEven, run } from './graphs'

const [INSIDE, OUTSIDE, SIDE] = [3, 4, 6]
const PADDED = { kernel_shape: [3, 3], strides: [1, 1], pads: [1, 1, 1, 1] }
const weight = draw(OUTSIDE * INSIDE * 9, 2)
const bias = draw(OUTSIDE, 3)
const filter = [constant('weight', [OUTSIDE, INSIDE, 3, 3], weight), constant('bias', [OUTSIDE], bias)]
const picture = (seed: number) => ({ data: draw(INSIDE * SIDE * SIDE, seed), shape: [1, INSIDE, SIDE, SIDE] })
const shapes = { x: ['batch', INSIDE, 'height', 'width'], y: ['batch', 'channels', 'height', 'width'] }
const rectified = graphOf(
  shapes,
  [op('Conv', ['x', 'weight', 'bias'], 'map', PADDED), op('Relu', ['map'], 'y')],
  filter,
)

/** Bytes over a range that has zero in it. */
function affine(values: readonly number[]): { scale: number; zero: number; byte: (value: number) => number } {
  const least = Math.min(0, ...values)
  const scale = Math.fround((Math.max(0, ...values) - least) / 255)
  const zero = Math.round(-least / scale)
  return { scale, zero, byte: value => Math.min(255, Math.max(0, roundEven(value / scale) + zero)) }
}

test.each([
  { weights: 'int7', weightZeroPoint: 0, greatest: 64 },
  { weights: 'int7', weightZeroPoint: 1, greatest: 63 },
  { weights: 'int8', weightZeroPoint: 0, greatest: 127 },
  { weights: 'int8', weightZeroPoint: 1, greatest: 126 },
  { weights: 'uint8', weightZeroPoint: 0, greatest: 127 },
] as const)(
  'is the convolution of whole numbers, $weights with zero point $weightZeroPoint',
  async ({ weights, weightZeroPoint, greatest }) => {
    const x = picture(5)
    const { graph } = await quantizeGraph(rectified, { calibration: [{ x }], weights, weightZeroPoint })
    const received = await run(graph, x)

    const floats = await run(rectified, x)
    const input = affine([...x.data])
    const output = affine(floats)
    const bytes = [...x.data].map(input.byte)
    let steps = 0
    for (let channel = 0; channel < OUTSIDE; channel++) {
      const numbers = weight.subarray(channel * INSIDE * 9, (channel + 1) * INSIDE * 9)
      const step = Math.fround(Math.max(...numbers.map(Math.abs)) / greatest)
      const whole = Array.from(numbers, value => Math.round(value / step))
      for (let place = 0; place < SIDE * SIDE; place++) {
        let sum = Math.round(bias[channel]! / (step * input.scale))
        for (let tap = 0; tap < INSIDE * 9; tap++) {
          const row = Math.floor(place / SIDE) + Math.floor((tap % 9) / 3) - 1
          const column = (place % SIDE) + (tap % 3) - 1
          if (row < 0 || row >= SIDE || column < 0 || column >= SIDE) continue
          sum += whole[tap]! * (bytes[Math.floor(tap / 9) * SIDE * SIDE + row * SIDE + column]! - input.zero)
        }
        const expected = output.byte(sum * input.scale * step)
        const byte = received[channel * SIDE * SIDE + place]! / output.scale
        expect(Math.abs(byte - Math.round(byte))).toBeLessThan(1e-3)
        // Scales are multiplied in float32 there and in float64 here: a half may fall to the other side.
        expect(Math.abs(byte - expected)).toBeLessThan(1.001)
        steps += Math.round(Math.abs(byte - expected))
      }
    }
    expect(steps).toBeLessThan(3)
    expect(relativeDistance(floats, received)).toBeLessThan(0.03)
  },
)

test('the activation is done by saturation, and what only moves numbers keeps their bytes', async () => {
  const graph = graphOf(
    shapes,
    [
      op('Conv', ['x', 'weight', 'bias'], 'map', PADDED),
      op('Relu', ['map'], 'rectified'),
      op('MaxPool', ['rectified'], 'pooled', { kernel_shape: [2, 2], strides: [2, 2] }),
      op('Transpose', ['pooled'], 'y', { perm: [0, 2, 3, 1] }),
    ],
    filter,
  )
  const { graph: quantized } = await quantizeGraph(graph, { calibration: [{ x: picture(5) }] })
  expect(countOf(quantized, 'Relu')).toBe(0)
  expect(quantized.nodes.find(({ outputs }) => outputs[0] === 'y')!.op).toBe('DequantizeLinear')
  // The input, the map, the weights and the bias: nothing else has a scale.
  expect(quantized.initializers.filter(({ name }) => /_scale$/.test(name))).toHaveLength(4)
  const [expected, received] = [await run(graph, picture(5)), await run(quantized, picture(5))]
  expect(received.length).toBe(expected.length)
  expect(relativeDistance(expected, received)).toBeLessThan(0.03)
})

test.each([
  { least: 0, kept: 0 },
  { least: -0.5, kept: 1 },
])('a cut at $least and 6', async ({ least, kept }) => {
  const graph = graphOf(
    shapes,
    [op('Conv', ['x', 'weight', 'bias'], 'map', PADDED), op('Clip', ['map', 'least', 'greatest'], 'y')],
    [...filter, constant('least', [], Float32Array.of(least)), constant('greatest', [], Float32Array.of(6))],
  )
  const { graph: quantized } = await quantizeGraph(graph, { calibration: [{ x: picture(5) }] })
  expect(countOf(quantized, 'Clip')).toBe(kept)
  const [expected, received] = [await run(graph, picture(5)), await run(quantized, picture(5))]
  expect(Math.min(...received)).toBeGreaterThanOrEqual(least - 0.05)
  expect(relativeDistance(expected, received)).toBeLessThan(0.03)
})

test('padding is exact where the numbers are far from zero', async () => {
  const x = {
    data: draw(INSIDE * SIDE * SIDE, 5).map(value => 3 + value / 10),
    shape: [1, INSIDE, SIDE, SIDE],
  }
  const { graph } = await quantizeGraph(rectified, { calibration: [{ x }] })
  expect(relativeDistance(await run(rectified, x), await run(graph, x))).toBeLessThan(0.03)
})

test('residual blocks: close on pictures that were not among the samples, at any size', async () => {
  const channels = INSIDE
  const block = (input: string, name: string) => [
    op('Conv', [input, `${name}.weight`], `${name}.map`, PADDED),
    op('Add', [`${name}.map`, input], `${name}.sum`),
    op('Relu', [`${name}.sum`], `${name}.y`),
  ]
  const graph = graphOf(
    shapes,
    [
      ...block('x', 'a'),
      ...block('a.y', 'b'),
      op('Concat', ['a.y', 'b.y'], 'both', { axis: 1 }),
      op('GlobalAveragePool', ['both'], 'y'),
    ],
    ['a', 'b'].map((name, i) =>
      constant(
        `${name}.weight`,
        [channels, channels, 3, 3],
        draw(channels * channels * 9, 7 + i).map(value => value / 3),
      ),
    ),
  )
  const { graph: quantized, counts } = await quantizeGraph(graph, {
    calibration: [{ x: picture(5) }, { x: picture(6) }],
  })
  expect(counts.convolutions).toBe(2)
  const x = { data: draw(2 * channels * 8 * 9, 11), shape: [2, channels, 8, 9] }
  expect(relativeDistance(await run(graph, x), await run(quantized, x))).toBeLessThan(0.03)
})

test('without samples convolutions stay float; no sample at all is refused', async () => {
  const { graph, counts } = await quantizeGraph(rectified)
  expect(counts.convolutions).toBe(0)
  expect(graph.nodes).toEqual(rectified.nodes)
  await expect(quantizeGraph(rectified, { calibration: [] })).rejects.toThrow(
    'calibration must hold at least one sample',
  )
})

test('both ways to write zero are timed, and one of them is taken', async () => {
  const samples = [
    { x: picture(1) },
    { x: { data: draw(3 * INSIDE * SIDE * SIDE), shape: [3, INSIDE, SIDE, SIDE] } },
  ]
  const { weightZeroPoint, zeroPointTimes, graph } = await quantizeGraph(rectified, { calibration: samples })
  const { sizes, zero, one } = zeroPointTimes!
  expect(sizes).toEqual([108, 324])
  expect([...zero, ...one].every(time => time > 0)).toBe(true)
  const written = graph.initializers.find(({ name }) => name === 'weight_zero_point')!
  expect([...written.data]).toEqual(new Array(OUTSIDE).fill(weightZeroPoint))
})

test('a bias far greater than the weights stays within int32', async () => {
  const graph = graphOf(
    shapes,
    [op('Conv', ['x', 'weight', 'bias'], 'y', PADDED)],
    [
      constant(
        'weight',
        [OUTSIDE, INSIDE, 3, 3],
        weight.map(value => value * 1e-9),
      ),
      constant('bias', [OUTSIDE], Float32Array.of(100, -50, 3, 0)),
    ],
  )
  const { graph: quantized } = await quantizeGraph(graph, { calibration: [{ x: picture(5) }] })
  expect(relativeDistance(await run(graph, picture(5)), await run(quantized, picture(5)))).toBeLessThan(0.01)
})
