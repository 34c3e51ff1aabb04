import { InvalidArgumentError } from '@mafjs/tensor'
import { createUpdateKernel, kernelArrays, LARGEST_LENGTH, type UpdateKernel } from './update-kernel'

/** One parameter to be held. */
export interface StoredParameterSpec {
  name: string
  shape: readonly number[]
  /** Copied into the store. @default zeros */
  values?: Float32Array
}

/** One parameter's place in the flat arrays. */
export interface StoredParameter {
  readonly name: string
  readonly shape: readonly number[]
  /** Index in the order of the specs. */
  readonly index: number
  /** Its first number in the flat arrays, a multiple of 4. */
  readonly offset: number
  /** Its numbers, the product of its shape. */
  readonly size: number
  /** View of the flat values. */
  readonly values: Float32Array<ArrayBuffer>
  /** View of the flat gradients. */
  readonly gradients: Float32Array<ArrayBuffer>
}

/** All parameters of a model in one array of values and one of gradients. */
export interface ParameterStore {
  readonly parameters: readonly StoredParameter[]
  /** Numbers of each flat array; up to three between two parameters belong to none. */
  readonly length: number
  readonly values: Float32Array<ArrayBuffer>
  readonly gradients: Float32Array<ArrayBuffer>
  /** What optimisers run; its memory holds the flat arrays, and the moments that an optimiser keeps of them. */
  readonly kernel: UpdateKernel
  /** @throws InvalidArgumentError for a name that no parameter has. */
  get(name: string): StoredParameter
}

/** A vector's worth of numbers. */
const ALIGNMENT = 4

function sizeOf({ name, shape, values }: StoredParameterSpec): number {
  if (!shape.every(axis => Number.isSafeInteger(axis) && axis >= 0)) {
    throw new InvalidArgumentError({
      argument: name,
      rule: 'must have a shape of whole numbers, 0 or more',
      received: `[${shape.join(', ')}]`,
    })
  }
  const size = shape.reduce((product, axis) => product * axis, 1)
  if (values && values.length !== size) {
    throw new InvalidArgumentError({
      argument: name,
      rule: `must have ${size} values, the product of its shape [${shape.join(', ')}]`,
      received: values.length,
    })
  }
  return size
}

/**
 * Holds parameters in two flat arrays, with views by name: plain memory without tfjs, for any thread. A graph's runs
 * read the values and write the gradients in place, and an optimiser goes over both in one loop. Memory that is never
 * written, such as the moments of a store that is not trained, costs nothing where a system hands out pages when they
 * are touched.
 *
 * The memory is WebAssembly's and cannot change threads: send a copy, `values.slice()`. A view that is sent as it is
 * takes a copy of the whole memory along.
 *
 * @throws InvalidArgumentError for a name given twice, values that do not fit their shape, or more than 268 million
 * numbers.
 */
export function createParameterStore(specs: readonly StoredParameterSpec[]): ParameterStore {
  let length = 0
  const places = specs.map(spec => {
    const offset = length
    const size = sizeOf(spec)
    length += Math.ceil(size / ALIGNMENT) * ALIGNMENT
    return { offset, size }
  })
  if (length > LARGEST_LENGTH) {
    throw new InvalidArgumentError({
      argument: 'specs',
      rule: `must have at most ${LARGEST_LENGTH} numbers together, which fill 4 GiB with their gradients and moments`,
      received: length,
      fix: 'Split the parameters over several stores, each with an optimiser.',
    })
  }
  const kernel = createUpdateKernel(length)
  const { values, gradients } = kernelArrays(kernel, length)
  const parameters = specs.map(({ name, shape }, index): StoredParameter => {
    const { offset, size } = places[index]!
    const end = offset + size
    return {
      name,
      shape,
      index,
      offset,
      size,
      values: values.subarray(offset, end),
      gradients: gradients.subarray(offset, end),
    }
  })
  const byName = new Map(parameters.map(parameter => [parameter.name, parameter]))
  if (byName.size < parameters.length) {
    const twice = parameters.filter(parameter => byName.get(parameter.name) !== parameter)
    throw new InvalidArgumentError({
      argument: 'specs',
      rule: 'must give every name once',
      received: `more than one ${twice[0]!.name}`,
    })
  }
  for (const [index, spec] of specs.entries()) if (spec.values) parameters[index]!.values.set(spec.values)
  return {
    parameters,
    length,
    values,
    gradients,
    kernel,
    get: name => {
      const parameter = byName.get(name)
      if (parameter) return parameter
      throw new InvalidArgumentError({
        argument: 'name',
        rule: `must be one of the store's ${parameters.length} parameters`,
        received: name,
      })
    },
  }
}
