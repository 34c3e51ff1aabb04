import type { OptimizerSpec } from '@mafjs/compile'
import type { Crf } from '@mafjs/crf'
import type { Parameters } from '@mafjs/tensor'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'

/** The options a module is applied with, as an engine can: one that records reads no label. */
export type GoldenOptions = NonNullable<globalThis.Parameters<Crf['apply']>[1]>

/** Numbers with their shape: what both sides of every comparison are. */
export interface Values {
  shape: readonly number[]
  values: ArrayLike<number>
}

/** Computes a record of tensors from a record of tensors. */
export type Program<Inputs> = (inputs: Inputs, options: GoldenOptions) => Record<string, Tensor>

/** The parts of a loss, of which `total` is differentiated. */
export type LossProgram<Inputs> = (
  inputs: Inputs,
  options: GoldenOptions,
) => { total: Scalar } & Record<string, Scalar>

/** What computes the numbers that are compared: everything of a golden folder goes through one of these. */
export interface GoldenEngine {
  /** Runs a program once. */
  compute<Inputs extends object>(program: Program<Inputs>, inputs: Inputs): Promise<Record<string, Values>>
  /** The gradient of a loss by parameter; one that it does not reach has none. */
  gradients<Inputs extends object>(
    loss: LossProgram<Inputs>,
    parameters: Parameters,
    inputs: Inputs,
  ): Promise<Record<string, Values>>
  /** Trains on one batch; the parts of the loss before every step. The parameters keep what was learned. */
  train<Inputs extends object>(
    loss: LossProgram<Inputs>,
    parameters: Parameters,
    inputs: Inputs,
    options: { optimizer: OptimizerSpec; steps: number },
  ): Promise<Record<string, number>[]>
}

/** The numbers of a tensor, which stays its owner's. */
export async function valuesOf(tensor: Tensor): Promise<Values> {
  return { shape: tensor.shape, values: await tensor.data<'float32'>() }
}

/** The numbers of tensors by name, which are disposed. */
export async function takeValues(tensors: Record<string, Tensor>): Promise<Record<string, Values>> {
  const names = Object.keys(tensors)
  try {
    const read = await Promise.all(names.map(name => valuesOf(tensors[name]!)))
    return Object.fromEntries(names.map((name, i) => [name, read[i]!]))
  } finally {
    for (const tensor of Object.values(tensors)) tensor.dispose()
  }
}
