import { describe, expect, test } from 'vitest'
import { assertSummary, readInput, readRegions } from '../../src/onnx/layouts'

const input = (shape: (number | string)[], type = 'float32') => [{ name: 'x', type, shape }]

describe('the input', () => {
  test.each([
    [['batch', 3, 224, 224], undefined, { inputLayout: 'NCHW', batch: 'any', imageSize: 224 }],
    [[1, 96, 96, 3], undefined, { inputLayout: 'NHWC', batch: 1, imageSize: 96 }],
    [['', 3, 'h', 'w'], undefined, { inputLayout: 'NCHW', batch: 'any', imageSize: 'any' }],
    [[-1, 'c', 'h', 'w'], 'NCHW', { inputLayout: 'NCHW', batch: 'any', imageSize: 'any' }],
    [[2, 3, 3, 3], 'NHWC', { inputLayout: 'NHWC', batch: 2, imageSize: 3 }],
  ] as const)('%j, told %s', (shape, layout, expected) => {
    expect(readInput(input([...shape]), 'a.onnx', layout)).toEqual({ input: 'x', ...expected })
  })

  test.each([
    [
      input(['n', 'c', 'h', 'w']),
      undefined,
      /a\.onnx must declare 3 channels .* not at neither.*x: float32 \[n, c, h, w\].*inputLayout/,
    ],
    [input([1, 3, 3, 3]), undefined, /not at both and not at neither/],
    [input([1, 1, 28, 28]), undefined, /not at both and not at neither/],
    [input([1, 1, 28, 28]), 'NCHW', /must have 3 channels where NCHW has them/],
    [
      input([1, 3, 224, 200]),
      undefined,
      /must read square pictures. Received: x: float32 \[1, 3, 224, 200\]/,
    ],
    [input([1, 3, 8, 8], 'uint8'), undefined, /must read float32 or float16 pictures .*Received: x: uint8/],
    [
      input([1, 3]),
      undefined,
      /must read float32 or float16 pictures \[pictures, 3, height, width\] \(NCHW\) or/,
    ],
    [
      [...input([1, 3, 8, 8]), ...input([1, 7])],
      undefined,
      /must read one input, the pictures. Received: x, x/,
    ],
  ] as const)('%j is refused', (inputs, layout, message) => {
    expect(() => readInput(inputs, 'a.onnx', layout)).toThrow(message)
  })
})

describe('the regions', () => {
  test.each([
    [[2, 1280, 7, 7], undefined, { regionsLayout: 'NCHW', regions: 49, channels: 1280 }],
    [[2, 7, 7, 1280], undefined, { regionsLayout: 'NHWC', regions: 49, channels: 1280 }],
    [[2, 1, 1, 64], undefined, { regionsLayout: 'NHWC', regions: 1, channels: 64 }],
    [[2, 50, 768], undefined, { regionsLayout: 'NLC', regions: 50, channels: 768 }],
    [[2, 7, 7, 7], 'NHWC', { regionsLayout: 'NHWC', regions: 49, channels: 7 }],
    [[2, 8, 6, 5], 'NCHW', { regionsLayout: 'NCHW', regions: 30, channels: 8 }],
  ] as const)('%j, told %s', (shape, layout, expected) => {
    expect(readRegions('y', shape, layout)).toEqual(expected)
  })

  test.each([
    [
      [2, 7, 7, 7],
      undefined,
      /y must show where its channels are: .* not both and not neither. Received: \[2, 7, 7, 7\]. .*regionsLayout/,
    ],
    [[2, 8, 6, 5], undefined, /not both and not neither/],
    [
      [2, 1000],
      undefined,
      /y must be a map .* or a sequence \[pictures, regions, channels\]. Received: \[2, 1000\]/,
    ],
    [[2, 49, 8], 'NCHW', /y must be a map of four axes to be NCHW/],
  ] as const)('%j is refused', (shape, layout, message) => {
    expect(() => readRegions('y', shape, layout)).toThrow(message)
  })
})

test('a summary is one vector as large as a region', () => {
  for (const shape of [
    [2, 8],
    [2, 8, 1, 1],
    [2, 1, 8],
    [2, 1, 1, 8],
  ])
    assertSummary('s', shape, 8)
  for (const shape of [[2, 9], [2, 4, 2], [2]]) {
    expect(() => assertSummary('s', shape, 8)).toThrow('s must be [pictures, 8], as large as a region')
  }
})
