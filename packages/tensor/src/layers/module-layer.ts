import type { Scalar, serialization, Tensor } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { InvalidArgumentError } from '../errors'
import type { Module } from '../module'
import { Executions } from './executions'
import { encodePlan } from './layer-config'
import type { LayerWiring } from './layer-wiring'
import { outputShapes } from './output-shapes'
import { recordOf, scalarAt, tensorAt, tensorsByPath } from './paths'
import { SharedVariable } from './shared-variable'

/** What tfjs-layers itself keeps of a layer. */
export interface LayerArguments {
  name?: string
  trainable?: boolean
}

const toList = <T>(one: T | T[]): T[] => (Array.isArray(one) ? one : [one])
const orOne = <T>(list: T[]): T | T[] => (list.length === 1 ? list[0]! : list)

/** A module as a layer of tfjs-layers; the layer's weights are the module's parameters. */
export class ModuleLayer extends tfl.layers.Layer {
  private readonly executions = new Executions()
  private lastMask: Tensor | null = null

  constructor(
    /** The module; `dispose` of the layer frees its parameters. */
    readonly module: Module<never, object, object>,
    private readonly wiring: LayerWiring,
    layer: LayerArguments,
  ) {
    super({ ...(layer.name !== undefined && { name: layer.name }), trainable: layer.trainable ?? true })
    // Without it tfjs-layers drops masks without a word.
    this.supportsMasking = true
    for (const [path, weight] of Object.entries(wiring.losses)) {
      this.addLoss(() => tf.mul(this.lossAt(path), weight) as Scalar)
    }
  }

  /** How often the layer was called in training; with the seed it names what is drawn next. */
  get step(): number {
    return this.executions.step
  }
  set step(step: number) {
    this.executions.step = step
  }

  override build(shape: tfl.Shape | tfl.Shape[]): void {
    const variables = Object.entries(this.module.parameters())
    const weightsOf = (trainable: boolean): SharedVariable[] =>
      variables
        .filter(([, variable]) => variable.trainable === trainable)
        .map(([name, variable]) => new SharedVariable(variable, name))
    const { trainable } = this
    this.trainableWeights = weightsOf(true)
    this.nonTrainableWeights = weightsOf(false)
    // Whether it is to be trained was said before there was anything to train.
    if (!trainable) this.trainable = false
    super.build(shape)
  }

  override computeOutputShape(shape: tfl.Shape | tfl.Shape[]): tfl.Shape | tfl.Shape[] {
    const shapes = (Array.isArray(shape[0]) ? shape : [shape]) as tfl.Shape[]
    this.assertInputs(shapes.length)
    const mask = this.wiring.mask === null ? [] : [shapes[0]!.slice(0, 2)]
    const found = outputShapes({
      shapes: [...shapes, ...mask],
      outputs: this.wiring.outputs,
      apply: zeros => tensorsByPath(this.module.apply(this.inputsOf(zeros) as never)),
    })
    return orOne(found)
  }

  override call(
    inputs: Tensor | Tensor[],
    kwargs: { training?: boolean; mask?: Tensor | null } = {},
  ): Tensor | Tensor[] {
    const list = toList(inputs)
    this.assertInputs(list.length)
    const { training = false, mask = null } = kwargs
    this.lastMask = mask
    const { outputs, losses, seed } = this.wiring
    const call = training ? this.executions.begin(kwargs, list) : undefined
    const chosen = tf.tidy(() => {
      const inputsByName = this.inputsOf([...list, ...this.maskOf(mask)])
      const options = { training, seed, step: call?.step ?? 0 }
      const given = tensorsByPath(this.module.apply(inputsByName as never, options))
      const weighed = call?.isNew ? Object.keys(losses) : []
      return {
        outputs: outputs.map(path => tensorAt('outputs', given, path)),
        losses: Object.fromEntries(weighed.map(path => [path, scalarAt('losses', given, path)])),
      }
    })
    if (call?.isNew) this.executions.keep(list, chosen.losses)
    return orOne(chosen.outputs)
  }

  override computeMask(_inputs: Tensor | Tensor[], masks?: Tensor | Tensor[]): Tensor | Tensor[] {
    const [first = null, ...others] = toList(masks ?? [])
    const { mask } = this.wiring
    if (others.some(other => other) || (first && mask === null)) {
      throw new InvalidArgumentError({
        argument: `layer ${this.name}`,
        rule: mask === null ? 'takes no mask but as an input' : 'takes the mask of its first input alone',
        received: `a mask with ${first && mask === null ? 'the first' : 'another'} input`,
        fix: 'Name in the option `mask` where the module takes that of the first input; give others as inputs.',
      })
    }
    // tfjs-layers leaves the mask of one layer in the arguments of the next ones.
    if (mask !== null && Array.isArray(masks) && first !== this.lastMask) this.refuseMask()
    // What a module gives need not have the positions of what it takes.
    return orOne(this.wiring.outputs.map(() => null)) as unknown as Tensor
  }

  override getConfig(): serialization.ConfigDict {
    return { ...super.getConfig(), ...encodePlan({ module: this.module.config, wiring: this.wiring }) }
  }

  private assertInputs(count: number): void {
    const { inputs } = this.wiring
    if (count === inputs.length) return
    throw new InvalidArgumentError({
      argument: `inputs of layer ${this.name}`,
      rule: `must be ${inputs.length}: ${inputs.map(({ path }) => path).join(', ')}`,
      received: count,
    })
  }

  /** The record that the module takes. @param tensors the layer's inputs, and behind them the mask where there is one */
  private inputsOf(tensors: readonly Tensor[]): Record<string, unknown> {
    const { inputs, mask } = this.wiring
    const places = [...inputs, ...(mask === null ? [] : [{ path: mask, dtype: 'float32' as const }])]
    return recordOf(
      Object.fromEntries(places.map(({ path, dtype }, i) => [path, tf.cast(tensors[i]!, dtype)])),
    )
  }

  private maskOf(mask: Tensor | null): Tensor[] {
    if (this.wiring.mask === null) return []
    return mask ? [mask] : this.refuseMask()
  }

  private refuseMask(): never {
    throw new InvalidArgumentError({
      argument: `the first input of layer ${this.name}`,
      rule: `must come with a mask, for ${this.wiring.mask}`,
      received: 'none',
      fix: 'Let a masking layer, or an embedding with maskZero, come just before it, or give the mask as an input.',
    })
  }

  private lossAt(path: string): Scalar {
    const loss = this.executions.lossAt(path)
    if (loss) return loss
    throw new InvalidArgumentError({
      argument: `losses['${path}'] of layer ${this.name}`,
      rule: 'are known while a model is trained',
      received: 'no training call',
      fix: 'Read calculateLosses() where the layer was called with { training: true }.',
    })
  }
}
