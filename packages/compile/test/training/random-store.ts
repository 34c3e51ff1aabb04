import { normal, uniform } from '@mafjs/tensor'
import { createParameterStore, type ParameterStore } from '../../src/training/parameter-store'

/** Sizes on both sides of a vector of four numbers. */
export const SHAPES: [string, number[]][] = [
  ['table.weight', [40, 1000]],
  ['one.bias', [1]],
  ['block.weight', [128, 128]],
  ['LayerNorm.weight', [7]],
  ['none.weight', [0]],
  ['long.weight', [16_385]],
]

/** A store of random values. */
export function randomStore(): ParameterStore {
  return createParameterStore(
    SHAPES.map(([name, shape]) => {
      const size = shape.reduce((product, axis) => product * axis, 1)
      return { name, shape, values: normal(size, { seed: 1, site: name }) }
    }),
  )
}

/** Gradients of every size, another draw for every step. */
export function drawGradients({ parameters }: ParameterStore, step: number): void {
  for (const { name, size, gradients } of parameters) {
    const scale = uniform(1, { seed: step, site: `${name} scale` })[0]! / Math.sqrt(Math.max(1, size))
    gradients.set(normal(size, { seed: 2, step, site: name }).map(value => value * scale))
  }
}
