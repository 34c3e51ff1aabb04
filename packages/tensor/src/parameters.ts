import type { Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { InvalidArgumentError } from './errors'
import type { Parameters } from './module'
import { normal, type RandomKey, uniform } from './random'

/** Draws a parameter's first values. */
export type Initializer = (shape: readonly number[], key: RandomKey) => Float32Array

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, axis) => size * axis, 1)

/** All values equal. */
export const constant =
  (value: number): Initializer =>
  shape =>
    new Float32Array(sizeOf(shape)).fill(value)

/** Normal distribution around 0; BERT starts from a deviation of 0.02. */
export const normalInitializer =
  (deviation = 0.02): Initializer =>
  (shape, key) =>
    normal(sizeOf(shape), key).map(value => value * deviation)

/**
 * Normal around 0 with BERT's deviation for a `[out, in]` weight: 0.02 at BERT's 768 inputs and in proportion to
 * 1 / sqrt(inputs) elsewhere. A fixed 0.02 would let a small layer pass on next to nothing.
 */
export const bertInitializer: Initializer = (shape, key) =>
  normalInitializer(0.02 * Math.sqrt(768 / sizeOf(shape.slice(1))))(shape, key)

/** Uniform in [-limit, limit); pytorch-crf starts its transitions from 0.1. */
export const uniformInitializer =
  (limit: number): Initializer =>
  (shape, key) =>
    uniform(sizeOf(shape), key).map(value => (2 * value - 1) * limit)

/** Uniform within +-sqrt(6 / (fan in + fan out)) of a `[out, in, ...]` weight (Glorot and Bengio 2010). */
export const glorotUniform: Initializer = (shape, key) => {
  const receptive = sizeOf(shape.slice(2))
  const limit = Math.sqrt(6 / ((shape[0]! + (shape[1] ?? 1)) * receptive))
  return uniformInitializer(limit)(shape, key)
}

/** Uniform within +-sqrt(6 / fan in) of a `[out, in, ...]` weight, for layers before a ReLU (He et al. 2015). */
export const heUniform: Initializer = (shape, key) =>
  uniformInitializer(Math.sqrt(6 / sizeOf(shape.slice(1))))(shape, key)

/** One parameter to be made. */
export interface ParameterSpec<Shape extends readonly number[] = readonly number[]> {
  shape: Shape
  initializer: Initializer
  /** @default true */
  trainable?: boolean
}

interface Ranks {
  0: tf.Rank.R0
  1: tf.Rank.R1
  2: tf.Rank.R2
  3: tf.Rank.R3
  4: tf.Rank.R4
  5: tf.Rank.R5
  6: tf.Rank.R6
}

/** The rank of a shape, where its length is known, as in `[out, in]`. */
type RankOf<Shape extends readonly number[]> = Shape['length'] extends keyof Ranks
  ? Ranks[Shape['length']]
  : tf.Rank

/** Variables by the names of their specs, each of its shape's rank. */
export type ParametersOf<Specs extends Record<string, ParameterSpec>> = {
  [Name in keyof Specs]: tf.Variable<RankOf<Specs[Name]['shape']>>
}

/** Is told of the shapes of parameters before they are made. */
let beforeMaking: ((shapes: readonly (readonly number[])[]) => void) | undefined

/**
 * Makes something whose parameters get their values from a file: a configuration that asks for far more numbers than the file
 * has is refused before any of them takes memory; one that is only wrong is told so by name when they are assigned.
 *
 * @param numbers of the file
 * @throws InvalidArgumentError for more than twice as many and ten millions.
 */
export function withNumbersOf<Made>(numbers: number, make: () => Made): Made {
  const outer = beforeMaking
  let allowance = 2 * numbers + 1e7
  beforeMaking = shapes => {
    const wanted = shapes.reduce((sum, shape) => sum + sizeOf(shape), 0)
    if (!(wanted <= allowance)) {
      throw new InvalidArgumentError({
        argument: 'parameters',
        rule: 'must not be many times as many numbers as the file of their values has',
        received: `${wanted} or more`,
        fix: 'The configuration belongs to other weights, or is damaged; copy both again.',
      })
    }
    allowance -= wanted
  }
  try {
    return make()
  } finally {
    beforeMaking = outer
  }
}

/** Makes variables by name; each draws from its own stream, so the order of names changes nothing. */
export function createParameters<const Specs extends Record<string, ParameterSpec>>(
  specs: Specs,
  seed: number,
): ParametersOf<Specs> {
  beforeMaking?.(Object.values(specs).map(({ shape }) => shape))
  return Object.fromEntries(
    Object.entries(specs).map(([name, { shape, initializer, trainable = true }]) => {
      const values = tf.tensor(initializer(shape, { seed, site: name }), shape as number[])
      const variable = tf.variable(values, trainable)
      values.dispose()
      return [name, variable]
    }),
  ) as ParametersOf<Specs>
}

/** `name.weight` and `name.bias`. */
export type AffineSpecs<Name extends string, Shape extends readonly number[]> = Record<
  `${Name}.weight`,
  ParameterSpec<Shape>
> &
  Record<`${Name}.bias`, ParameterSpec<readonly [number]>>

/** The specs of a linear layer in PyTorch's layout: `name.weight [out, in]` and `name.bias [out]`. */
export function linearSpecs<Name extends string>(
  name: Name,
  inSize: number,
  outSize: number,
  initializer: Initializer = bertInitializer,
): AffineSpecs<Name, readonly [number, number]> {
  return {
    [`${name}.weight`]: { shape: [outSize, inSize], initializer },
    [`${name}.bias`]: { shape: [outSize], initializer: constant(0) },
  } as AffineSpecs<Name, readonly [number, number]>
}

/** The specs of a layer norm: `name.weight` of ones and `name.bias` of zeros, `[hidden]`. */
export function layerNormSpecs<Name extends string>(
  name: Name,
  hidden: number,
): AffineSpecs<Name, readonly [number]> {
  return {
    [`${name}.weight`]: { shape: [hidden], initializer: constant(1) },
    [`${name}.bias`]: { shape: [hidden], initializer: constant(0) },
  } as AffineSpecs<Name, readonly [number]>
}

/** The same parameters under `prefix.`; how a model names the parameters of its modules. */
export function prefixParameters(prefix: string, parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`${prefix}.${name}`, value]))
}

/** What did not fit when values were assigned; extra values are not an error. */
export interface AssignReport {
  /** Names given that no parameter has. */
  extra: string[]
}

/**
 * Copies values into parameters of the same names and shapes; nothing is assigned unless everything fits.
 *
 * @throws InvalidArgumentError naming EVERY missing and every misshaped tensor.
 */
export function assignParameters(parameters: Parameters, values: Record<string, Tensor>): AssignReport {
  const missing = Object.keys(parameters).filter(name => !values[name])
  const misshaped = Object.entries(parameters).flatMap(([name, { shape }]) => {
    const received = values[name]?.shape
    const fits = !received || received.join() === shape.join()
    return fits ? [] : [`${name} (expected [${shape.join(', ')}], received [${received.join(', ')}])`]
  })
  if (missing.length > 0 || misshaped.length > 0) {
    throw new InvalidArgumentError({
      argument: 'values',
      rule: 'must hold every parameter in its own shape',
      received: Object.entries({ missing, misshaped })
        .filter(([, names]) => names.length > 0)
        .map(([what, names]) => `${what}: ${names.join(', ')}`)
        .join('; '),
      fix: 'Check that the configuration is the one the checkpoint was made with.',
    })
  }
  for (const [name, variable] of Object.entries(parameters)) variable.assign(values[name]!)
  return { extra: Object.keys(values).filter(name => !parameters[name]) }
}

/** Frees every parameter. */
export function disposeParameters(parameters: Parameters): void {
  for (const variable of Object.values(parameters)) variable.dispose()
}
