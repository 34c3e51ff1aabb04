import type { KernelCases } from '../kernel-case'
import { bools, floats, given, givenInts, ints } from '../sample'

/** Kernels that look things up, put them somewhere, or make numbers from nothing. */
export const indexingCases: KernelCases = {
  GatherV2: [
    { inputs: { x: floats([5, 3]), indices: givenInts([4, 0, 0]) }, attributes: { axis: 0, batchDims: 0 } },
    { inputs: { x: floats([2, 4, 3]), indices: ints([2, 2], 0, 3) }, attributes: { axis: 1, batchDims: 0 } },
    { inputs: { x: floats([2, 4, 3]), indices: ints([2, 5], 0, 3) }, attributes: { axis: 1, batchDims: 1 } },
    { inputs: { x: ints([2, 3, 4]), indices: ints([2, 1], 0, 3) }, attributes: { axis: 2, batchDims: 1 } },
    { inputs: { x: bools([4]), indices: ints([3], 0, 3) }, attributes: { axis: -1, batchDims: 0 } },
  ],
  GatherNd: [
    { inputs: { params: floats([3, 4, 2]), indices: ints([5, 2], 0, 2) } },
    { inputs: { params: floats([3, 4]), indices: ints([2, 2, 1], 0, 2) } },
  ],
  ScatterNd: [
    {
      inputs: { indices: givenInts([1, 3, 1], [3, 1]), updates: floats([3, 2]) },
      attributes: { shape: [5, 2] },
    },
    { inputs: { indices: ints([6, 2], 0, 2), updates: floats([6]) }, attributes: { shape: [3, 4] } },
    { inputs: { indices: ints([4, 1], 0, 2), updates: ints([4, 2, 2]) }, attributes: { shape: [3, 2, 2] } },
  ],
  UnsortedSegmentSum: [
    {
      inputs: { x: floats([6, 2]), segmentIds: givenInts([0, 3, -1, 0, 4, 1]) },
      attributes: { numSegments: 4 },
    },
    { inputs: { x: floats([7]), segmentIds: ints([7], 0, 2) }, attributes: { numSegments: 3 } },
    { inputs: { x: ints([4, 2, 2]), segmentIds: ints([4], 0, 1) }, attributes: { numSegments: 3 } },
    { inputs: { x: floats([0, 3]), segmentIds: ints([0]) }, attributes: { numSegments: 2 } },
  ],
  OneHot: [
    {
      inputs: { indices: givenInts([0, 2, -1, 5]) },
      attributes: { depth: 3, onValue: 1, offValue: 0, dtype: 'float32' },
    },
    {
      inputs: { indices: ints([2, 2], 0, 3) },
      attributes: { depth: 4, onValue: 7, offValue: -1, dtype: 'int32' },
    },
    {
      inputs: { indices: ints([3], 0, 1) },
      attributes: { depth: 2, onValue: 1, offValue: 0, dtype: 'bool' },
    },
  ],
  TopK: [
    { inputs: { x: floats([3, 6]) }, attributes: { k: 2, sorted: true } },
    { inputs: { x: given([1, 2, 2, 1, 2], [1, 5]) }, attributes: { k: 4, sorted: true } },
    { inputs: { x: ints([2, 5], 0, 99) }, attributes: { k: 5, sorted: true } },
  ],
  Fill: [
    { inputs: [], attributes: { shape: [2, 3], value: 1.5, dtype: 'float32' } },
    { inputs: [], attributes: { shape: [], value: 3, dtype: 'int32' } },
  ],
  Range: [
    { inputs: [], attributes: { start: 0, stop: 5, step: 1, dtype: 'int32' } },
    { inputs: [], attributes: { start: 5, stop: -2, step: -3, dtype: 'float32' } },
    { inputs: [], attributes: { start: 0, stop: 1, step: 0.3, dtype: 'float32' } },
    { inputs: [], attributes: { start: 2, stop: 2, step: 1, dtype: 'float32' } },
  ],
  LinSpace: [{ inputs: [], attributes: { start: -1, stop: 2, num: 7 } }],
}
