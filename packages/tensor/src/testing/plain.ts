import * as tf from '@tensorflow/tfjs-core'
import type { Dimensions } from '../shapes'
import type { TensorInput, ValueInput, Words } from './inputs'

/** A tensor as plain numbers, easy to change before it is made. */
export interface PlainTensor {
  shape: number[]
  dtype: 'float32' | 'int32'
  data: ArrayLike<number>
}

/** Inputs by path: tensors as plain numbers, anything else as it is; a path left out is not given. */
export type PlainInputs = Record<string, { tensor: PlainTensor } | { value: unknown }>

/** The inputs a module is given, and the tensors among them by path. */
export interface MadeInputs {
  inputs: object
  tensors: Record<string, tf.Tensor>
  dispose(): void
}

/** How many elements a shape has. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, axis) => size * axis, 1)

/** Draws the inputs that `specs` describes at these sizes. */
export function drawInputs(
  specs: Record<string, TensorInput | ValueInput>,
  dimensions: Dimensions,
  seed: number,
): PlainInputs {
  return Object.fromEntries(
    Object.entries(specs).map(([path, spec], index) => {
      if (spec.kind === 'value') return [path, { value: spec.make(dimensions, seed + index) }]
      const shape = spec.shape.map(word => (typeof word === 'number' ? word : sizeOfWord(word, dimensions)))
      const data = spec.values(sizeOf(shape), seed + index, dimensions)
      return [path, { tensor: { shape, dtype: spec.dtype, data } }]
    }),
  )
}

function sizeOfWord(word: string, dimensions: Dimensions): number {
  const size = dimensions[word]
  if (size === undefined) throw new Error(`dimensions must give a size for the word "${word}"`)
  return size
}

/** Makes the tensors, nested as their paths say. */
export function makeInputs(plain: PlainInputs): MadeInputs {
  const inputs = new Map<string, unknown>()
  const tensors: Record<string, tf.Tensor> = Object.create(null)
  for (const [path, part] of Object.entries(plain)) {
    if ('tensor' in part) {
      const { shape, dtype, data } = part.tensor
      const typed = dtype === 'int32' ? Int32Array.from(data) : Float32Array.from(data)
      tensors[path] = tf.tensor(typed, shape, dtype)
    }
    const value = 'tensor' in part ? tensors[path] : part.value
    const [name, inner] = path.split('.') as [string, string?]
    inputs.set(name, inner === undefined ? value : { ...(inputs.get(name) as object), [inner]: value })
  }
  return {
    inputs: Object.fromEntries(inputs),
    tensors,
    dispose: () => tf.dispose(Object.values(tensors).filter(t => !t.isDisposed)),
  }
}

/** The place of element `index` along every axis. */
export function coordinatesOf(index: number, shape: readonly number[]): number[] {
  const coordinates = new Array<number>(shape.length)
  for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
    coordinates[axis] = rest % shape[axis]!
    rest = Math.floor(rest / shape[axis]!)
  }
  return coordinates
}

/** The row-major place of an element. */
export function indexOf(coordinates: readonly number[], shape: readonly number[]): number {
  return coordinates.reduce((index, place, axis) => index * shape[axis]! + place, 0)
}

/** The same tensor with one axis of another size: cut, or grown by repeating its last entry. */
export function resizeAxis(tensor: PlainTensor, axis: number, size: number): PlainTensor {
  const shape = tensor.shape.with(axis, size)
  const last = tensor.shape[axis]! - 1
  const data = Array.from({ length: sizeOf(shape) }, (_, index) => {
    const place = coordinatesOf(index, shape)
    return tensor.data[indexOf(place.with(axis, Math.min(place[axis]!, last)), tensor.shape)]!
  })
  return { ...tensor, shape, data }
}

/** Only the first example of every input. */
export function firstExample(plain: PlainInputs, words: Record<string, Words>, batch: number): PlainInputs {
  return mapInputs(plain, (path, part) => {
    if ('value' in part) {
      const value = part.value as ArrayLike<unknown> & { slice?: (start: number, end: number) => unknown }
      return value?.length === batch && value.slice ? { value: value.slice(0, 1) } : part
    }
    const axis = words[path]!.indexOf('batch')
    return axis < 0 ? part : { tensor: resizeAxis(part.tensor, axis, 1) }
  })
}

/** The same inputs, each through `change`. */
export function mapInputs(
  plain: PlainInputs,
  change: (path: string, part: PlainInputs[string]) => PlainInputs[string],
): PlainInputs {
  return Object.fromEntries(Object.entries(plain).map(([path, part]) => [path, change(path, part)]))
}

/** The same tensor with some of its elements replaced. */
export function replaceElements(
  tensor: PlainTensor,
  chosen: (coordinates: number[]) => boolean,
  replacement: (index: number) => number,
): PlainTensor {
  const data = Array.from(tensor.data, (value, index) =>
    chosen(coordinatesOf(index, tensor.shape)) ? replacement(index) : value,
  )
  return { ...tensor, data }
}
