import { normal, uniform } from '../random'
import type { Dimensions } from '../shapes'

/** A shape in dimension words, e.g. `['batch', 'tokens', 'hidden']`; a number stands for itself. */
export type Words = readonly (string | number)[]

/** A tensor that a module takes. */
export interface TensorInput {
  kind: 'tensor'
  shape: Words
  dtype: 'float32' | 'int32'
  /** Whether it says which positions (`[batch, positions]`) or which examples (`[batch]`) are real. */
  mask: boolean
  /** Inputs beside its own modality's that mean nothing where this mask is all zero. */
  covers: readonly string[]
  /** Whether the module also works without it. */
  optional: boolean
  /** Its values, row-major. */
  values: (count: number, seed: number, dimensions: Dimensions) => ArrayLike<number>
}

/** Anything a module takes that is no tensor. */
export interface ValueInput {
  kind: 'value'
  make: (dimensions: Dimensions, seed: number) => unknown
}

/** One input, or a record of them such as an `Encoding`. */
export type InputSpec = TensorInput | ValueInput | Readonly<Record<string, TensorInput | ValueInput>>

/** What differs from an ordinary tensor. */
export interface TensorInputOptions {
  /** Its values. @default numbers of the standard normal distribution */
  values?: TensorInput['values'] | undefined
  /** Whether the module also works without it. @default false */
  optional?: boolean | undefined
  /** For a mask: inputs, by path, that mean nothing where it is all zero. @default [] */
  covers?: readonly string[] | undefined
}

/** A float32 tensor, normally distributed unless `values` says otherwise. */
export function tensorInput(
  shape: Words,
  { values = normalValues, optional = false, covers = [] }: TensorInputOptions = {},
): TensorInput {
  return { kind: 'tensor', shape, dtype: 'float32', mask: false, covers, optional, values }
}

/**
 * A float32 mask: `['batch', positions]` with rows of different lengths, down to one real position, or `['batch']`
 * with ones. Every input with the same positions word, and every input beside it in its record, belongs to it.
 */
export function maskInput(shape: readonly string[], options: TensorInputOptions = {}): TensorInput {
  const values = options.values ?? ((_count, _seed, dimensions) => maskValues(shape, dimensions))
  return { ...tensorInput(shape, { ...options, values }), mask: true }
}

/** An int32 tensor of numbers from 0 to `below` - 1, e.g. token ids or labels; `below` is a size or a word. */
export function indexInput(
  shape: Words,
  below: string | number,
  options: TensorInputOptions = {},
): TensorInput {
  const values: TensorInput['values'] = (count, seed, dimensions) => {
    const limit = typeof below === 'number' ? below : dimensions[below]!
    return Array.from(uniform(count, { seed, site: 'index' }), draw => Math.floor(draw * limit))
  }
  return { ...tensorInput(shape, { values, ...options }), dtype: 'int32' }
}

/** Anything that is no tensor; an array as long as the batch is cut with it. */
export function valueInput(make: ValueInput['make']): ValueInput {
  return { kind: 'value', make }
}

/** An `Encoding`: states, summary and mask of one modality, e.g. `encodingInput('tokens', 'hidden')`. */
export function encodingInput(positions: string, hidden: string | number): Record<string, TensorInput> {
  return {
    states: tensorInput(['batch', positions, hidden]),
    summary: tensorInput(['batch', hidden]),
    mask: maskInput(['batch', positions]),
  }
}

/** Inputs and outputs by path: `text.mask` for the mask in the record `text`. */
export function flatten(
  inputs: Readonly<Record<string, InputSpec>>,
): Record<string, TensorInput | ValueInput> {
  return Object.fromEntries(
    Object.entries(inputs).flatMap(([name, spec]) =>
      isInput(spec)
        ? [[name, spec] as const]
        : Object.entries(spec).map(([inner, part]) => [`${name}.${inner}`, part] as const),
    ),
  )
}

function isInput(spec: InputSpec): spec is TensorInput | ValueInput {
  return spec['kind'] === 'tensor' || spec['kind'] === 'value'
}

function normalValues(count: number, seed: number): Float32Array {
  return normal(count, { seed, site: 'values' })
}

function maskValues(shape: readonly string[], dimensions: Dimensions): Float32Array {
  const [batch, positions = 1] = shape.map(word => dimensions[word]!) as [number, number?]
  const values = new Float32Array(batch * positions)
  // The first row is padded too, so that a batch of one still has padding.
  const lengths = [positions - 1, positions, 1, Math.ceil(positions / 2)]
  for (let row = 0; row < batch; row++) {
    values.fill(1, row * positions, row * positions + Math.max(1, lengths[row % lengths.length]!))
  }
  return values
}
