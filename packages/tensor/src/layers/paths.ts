import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import { InvalidArgumentError } from '../errors'

/** Tensors by their paths, `text.mask` for the mask in the record `text`, as the records that a module takes. */
export function recordOf(tensors: Readonly<Record<string, Tensor>>): Record<string, unknown> {
  const root = new Map<string, unknown>()
  const below = new Map<string, Map<string, Tensor>>()
  for (const [path, tensor] of Object.entries(tensors)) {
    const [name, ...rest] = path.split('.') as [string, ...string[]]
    if (rest.length === 0) root.set(name, tensor)
    else below.set(name, (below.get(name) ?? new Map()).set(rest.join('.'), tensor))
  }
  for (const [name, inner] of below) root.set(name, recordOf(Object.fromEntries(inner)))
  return Object.fromEntries(root)
}

/** Every tensor of what a module gives, by its path. */
export function tensorsByPath(outputs: object, prefix = ''): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(outputs).flatMap(([name, value]) => {
      if (value instanceof tf.Tensor) return [[prefix + name, value] as const]
      const isRecord = typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
      return isRecord ? Object.entries(tensorsByPath(value, `${prefix}${name}.`)) : []
    }),
  )
}

/**
 * The tensor at a path of what a module gave.
 *
 * @throws InvalidArgumentError naming what there is, where there is no such tensor.
 */
export function tensorAt(argument: string, outputs: Readonly<Record<string, Tensor>>, path: string): Tensor {
  const found = outputs[path]
  if (found) return found
  throw new InvalidArgumentError({
    argument,
    rule: `must name tensors that the module gives (${Object.keys(outputs).join(', ')})`,
    received: path,
  })
}

/**
 * The scalar at a path of what a module gave.
 *
 * @throws InvalidArgumentError where there is no such tensor, or it is no scalar.
 */
export function scalarAt(argument: string, outputs: Readonly<Record<string, Tensor>>, path: string): Scalar {
  const found = tensorAt(argument, outputs, path)
  if (found.rank === 0) return found as Scalar
  throw new InvalidArgumentError({
    argument,
    rule: 'must name scalars',
    received: `${path} of shape [${found.shape.join(', ')}]`,
  })
}
