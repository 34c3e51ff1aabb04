import {
  type ApplyOptions,
  type DropoutMaskRequest,
  InvalidArgumentError,
  type Parameters,
  valueAndGradients,
} from '@mafjs/tensor'
import { registerGradients } from '@mafjs/tensor/gradients'
import * as tf from '@tensorflow/tfjs-core'
import { CompileError } from '../graph/compile-error'
import { lengthOf } from '../graph/dimensions'
import type { Dimension } from '../graph/onnx-graph'
import { guardGradients } from './guard-gradients'
import { type DynamicShapes, type RecordedProgram, recordProgram } from './record-program'
import { assertSynchronous, type MakeInput } from './trace'

/** The loss, or its parts by name, of which `total` is differentiated. */
export type Losses = tf.Scalar | ({ total: tf.Scalar } & Record<string, tf.Scalar>)

/** A loss as a function of a record of tensors; the options are for the modules it applies. */
export type LossFunction<Inputs> = (inputs: Inputs, options: ApplyOptions) => Losses

/** A dropout mask that is drawn anew for every run. */
export interface MaskInput {
  name: string
  shape: readonly Dimension[]
  rate: number
  site: string
}

/** The shape of a mask where the symbolic dimensions have these lengths. */
export const maskShape = (shape: MaskInput['shape'], lengths: ReadonlyMap<string, number>): number[] =>
  shape.map(length => lengthOf(length, lengths))

/** A recorded training step. */
export interface RecordedGradients extends RecordedProgram {
  masks: MaskInput[]
  /** The names of the losses' parts; each is an output `loss.NAME`. */
  losses: string[]
  /** Parameters that the loss reaches; each has an output `gradient.NAME`. */
  reached: string[]
}

/** Stand for the seed and the step of a run: whatever is drawn from them otherwise than by an input is noticed. */
const SEED = 1_000_003
const STEP = 7_919

/**
 * Records a loss and its gradients. Dropout masks of `@mafjs/tensor` become inputs.
 *
 * @param dynamic the axes of any length. @default every shape is fixed
 * @throws CompileError for what cannot be recorded.
 */
export function recordGradients(
  lossFn: LossFunction<never>,
  parameters: Parameters,
  inputs: object,
  dynamic?: DynamicShapes,
): RecordedGradients {
  // Those of tfjs, which its packages of layers and of all bring, cannot all be recorded, and some are wrong.
  registerGradients({ replace: true })
  const names = new Map(Object.entries(parameters).map(([name, variable]) => [variable, name]))
  let masks = new Map<string, Omit<MaskInput, 'shape'> & { shape: readonly number[]; tensor: tf.Tensor }>()
  let losses: string[] = []
  let reached: string[] = []
  const differentiate = (given: unknown, makeInput: MakeInput, attempt: number): object => {
    masks = new Map()
    const seed = SEED + attempt
    const step = STEP + attempt
    const dropoutMask = (request: DropoutMaskRequest): tf.Tensor => {
      if (request.seed !== seed || request.step !== step) throw ownSeed(request)
      const { shape, rate, site } = request
      const key = `${site} ${rate} ${shape}`
      const known = masks.get(key)
      if (known) return known.tensor
      const { name, tensor } = makeInput(`mask.${masks.size}`, shape)
      // Handed out more than once, so no tidy may dispose it.
      tf.keep(tensor)
      masks.set(key, { name, shape, rate, site, tensor })
      return tensor
    }
    let parts: Record<string, tf.Tensor> = {}
    try {
      const { gradients } = valueAndGradients(() => {
        guardGradients()
        const returned = lossFn(given as never, { training: true, seed, step, dropoutMask })
        assertSynchronous(returned)
        const all = returned instanceof tf.Tensor ? { total: returned } : returned
        assertLosses(all)
        // What is not the value itself would go with the tape.
        parts = Object.fromEntries(Object.entries(all).map(([name, part]) => [name, tf.keep(tf.clone(part))]))
        return all.total as tf.Scalar
      }, parameters)
      losses = Object.keys(parts)
      reached = Object.keys(gradients)
      // A tidy of the caller frees what is returned; kept tensors would stay.
      return {
        loss: Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, tf.clone(part)])),
        gradient: gradients,
      }
    } finally {
      tf.dispose(parts)
      for (const { tensor } of masks.values()) tensor.dispose()
    }
  }
  const program = recordProgram(differentiate, inputs, {
    nameOf: variable => names.get(variable) ?? variable.name,
    dynamic,
  })
  const { dimension } = program.lengths
  return {
    ...program,
    losses,
    reached,
    masks: [...masks.values()].map(({ shape, tensor: _, ...mask }) => ({
      ...mask,
      shape: shape.map(dimension),
    })),
  }
}

function assertLosses(losses: Record<string, tf.Tensor>): void {
  const parts: Record<string, unknown> = { total: undefined, ...losses }
  for (const [name, loss] of Object.entries(parts)) {
    const isTensor = loss instanceof tf.Tensor
    if (isTensor && loss.shape.length === 0 && loss.dtype === 'float32') continue
    throw new InvalidArgumentError({
      argument: `the loss ${name}`,
      rule: 'must be a float32 tensor without axes',
      received: isTensor ? `${loss.dtype} [${loss.shape.join(', ')}]` : typeof loss,
    })
  }
}

const ownSeed = ({ site }: DropoutMaskRequest): CompileError =>
  new CompileError({
    what: `The dropout at ${site} was given another seed or step than the compiled step's own`,
    fix: 'Pass on the options that the loss function is given: seed and step change from run to run.',
  })
