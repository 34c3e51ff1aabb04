import * as tf from '@tensorflow/tfjs-core'
import { coordinatesOf, indexOf, type PlainTensor } from './plain'

/** An output tensor read back, or an output that is no tensor. */
export type Leaf = { tensor: Omit<PlainTensor, 'dtype'> & { dtype: string } } | { value: unknown }

/** Outputs read back, by path. */
export type Snapshot = Record<string, Leaf>

/** Outputs by path, tensors still on the backend. */
export function outputLeaves(outputs: object, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, value]) => {
      const path = `${prefix}${name}`
      const isRecord =
        typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype
      return isRecord ? Object.entries(outputLeaves(value, `${path}.`)) : [[path, value] as const]
    }),
  )
}

/** Reads outputs back and frees their tensors. */
export async function readOutputs(outputs: object): Promise<Snapshot> {
  const snapshot: Snapshot = Object.create(null)
  for (const [path, value] of Object.entries(outputLeaves(outputs))) {
    if (!(value instanceof tf.Tensor)) {
      snapshot[path] = { value }
      continue
    }
    const data = Float64Array.from(await value.data<'float32'>())
    snapshot[path] = { tensor: { shape: [...value.shape], dtype: value.dtype, data } }
    if (!(value instanceof tf.Variable)) value.dispose()
  }
  return snapshot
}

/** How two snapshots are compared. */
export interface Comparison {
  /** Whether float rounding is a difference too. @default false */
  exact?: boolean
  /** Which elements of the expected output count; they stand at the same place in the received one. */
  keep?: (path: string, coordinates: number[]) => boolean
  /** Which outputs count. @default all */
  only?: (path: string, leaf: Leaf) => boolean
}

/** The outputs that differ, each in words; empty where none does. */
export function differences(expected: Snapshot, received: Snapshot, comparison: Comparison = {}): string[] {
  const { only = () => true } = comparison
  return Object.entries(expected).flatMap(([path, leaf]) => {
    if (!only(path, leaf)) return []
    const other = received[path]
    if (!other) return [`${path} is missing`]
    const difference = differenceOf(path, leaf, other, comparison)
    return difference === undefined ? [] : [`${path} ${difference}`]
  })
}

function differenceOf(path: string, leaf: Leaf, other: Leaf, comparison: Comparison): string | undefined {
  if (!('tensor' in leaf) || !('tensor' in other)) {
    const [before, after] = [JSON.stringify(leaf), JSON.stringify(other)]
    return before === after ? undefined : `is ${after} instead of ${before}`
  }
  const { exact = false, keep = () => true } = comparison
  const { shape, data } = leaf.tensor
  const largest = Array.from(data).reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  let worst: { place: string; before: number; after: number } | undefined
  for (let index = 0; index < data.length; index++) {
    const place = coordinatesOf(index, shape)
    if (!keep(path, place)) continue
    const before = data[index]!
    const after = other.tensor.data[indexOf(place, other.tensor.shape)] ?? Number.NaN
    const off = Math.abs(after - before)
    const same = Object.is(before, after) || (exact ? off === 0 : off <= 1e-5 * largest)
    if (!same && !(worst && Math.abs(worst.after - worst.before) >= off)) {
      worst = { place: `[${place.join(', ')}]`, before, after }
    }
  }
  return worst && `is ${worst.after} instead of ${worst.before} at ${worst.place}`
}

/** The outputs that hold a NaN or an infinity. */
export function notFinite(snapshot: Snapshot): string[] {
  return Object.entries(snapshot)
    .filter(([, leaf]) => 'tensor' in leaf && !Array.from(leaf.tensor.data).every(Number.isFinite))
    .map(([path]) => path)
}
