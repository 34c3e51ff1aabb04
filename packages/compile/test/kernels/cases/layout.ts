import type { KernelCase, KernelCases } from '../kernel-case'
import { bools, floats, ints, type Sample } from '../sample'

const on = (x: Sample, attributes: KernelCase['attributes']): KernelCase => ({ inputs: { x }, attributes })
const masks = { beginMask: 0, endMask: 0, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 }
const x = floats([3, 4, 5])

/** Kernels that move numbers without changing them. */
export const layoutCases: KernelCases = {
  Reshape: [
    on(x, { shape: [4, -1] }),
    on(ints([6]), { shape: [2, 3] }),
    on(floats([0, 3]), { shape: [3, 0] }),
  ],
  ExpandDims: [
    { inputs: { input: floats([2, 3]) }, attributes: { dim: 1 } },
    { inputs: { input: floats([]) }, attributes: { dim: 0 } },
    { inputs: { input: bools([2, 3]) }, attributes: { dim: -1 } },
  ],
  Transpose: [
    on(x, { perm: [2, 0, 1] }),
    on(floats([2, 1, 3, 1]), { perm: [3, 2, 1, 0] }),
    on(ints([2, 3]), { perm: [1, 0] }),
    on(floats([2, 3, 2, 3, 2]), { perm: [4, 1, 3, 0, 2] }),
  ],
  Concat: [
    { inputs: [floats([2, 3]), floats([1, 3]), floats([0, 3])], attributes: { axis: 0 } },
    { inputs: [floats([2, 3]), floats([2, 2])], attributes: { axis: -1 } },
    { inputs: [bools([2]), bools([3])], attributes: { axis: 0 } },
  ],
  Pack: [
    { inputs: [floats([2, 3]), floats([2, 3])], attributes: { axis: 0 } },
    { inputs: [ints([2, 3]), ints([2, 3]), ints([2, 3])], attributes: { axis: 2 } },
  ],
  Unpack: [
    { inputs: { value: floats([2, 3]) }, attributes: { axis: 0 } },
    { inputs: { value: floats([2, 3]) }, attributes: { axis: -1 } },
  ],
  SplitV: [on(x, { numOrSizeSplits: [1, 3], axis: 1 }), on(x, { numOrSizeSplits: [2, -1], axis: 2 })],
  Slice: [
    on(x, { begin: [1, 0, 2], size: [2, -1, 2] }),
    on(x, { begin: [0, 0, 0], size: [3, 0, 5] }),
    on(ints([5]), { begin: [2], size: [3] }),
  ],
  StridedSlice: [
    on(x, { ...masks, begin: [0, 1, 0], end: [3, 4, 5], strides: [2, 1, 3] }),
    on(x, { ...masks, begin: [2, 3, 4], end: [0, 0, 1], strides: [-1, -2, -1] }),
    on(x, { ...masks, begin: [1, 0], end: [2, 4], strides: [1, 1], shrinkAxisMask: 1, endMask: 2 }),
    on(x, { ...masks, begin: [0, 0], end: [0, 2], strides: [1, 1], ellipsisMask: 1 }),
  ],
  Reverse: [on(x, { dims: [0, 2] }), on(ints([5]), { dims: [0] }), on(floats([]), { dims: [] })],
  Tile: [
    on(floats([2, 3]), { reps: [2, 2] }),
    on(floats([2, 1]), { reps: [1, 3] }),
    on(ints([3]), { reps: [2] }),
  ],
  PadV2: [
    on(floats([2, 3]), {
      paddings: [
        [1, 2],
        [0, 1],
      ],
      constantValue: 0.5,
    }),
    on(ints([3]), { paddings: [[1, 1]], constantValue: 7 }),
    on(floats([2, 2, 2]), {
      paddings: [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
      constantValue: 0,
    }),
  ],
  MirrorPad: ['reflect', 'symmetric'].map(mode =>
    on(x, {
      paddings: [
        [1, 0],
        [2, 1],
        [0, 2],
      ],
      mode,
    }),
  ),
}
