import type { HostArray } from '@mafjs/compile'
import { withLifetime } from '@mafjs/tensor/lifetime'
import type { BatchArrays } from '../model/batch-arrays'

/** What a model says of a batch; all that comes after is done on these numbers. */
export interface Inference {
  /** `[batch, steps, labels]` */
  emissions: HostArray<Float32Array>
  /** `[batch]`: probability that text and picture belong together; none without pictures or matching. */
  match?: Float32Array
  /** `[batch, positions, hidden]`: fusion's gates, where they were asked for; none without pictures or a gate. */
  gate?: HostArray<Float32Array>
}

/** What a runner tells beyond what tagging needs. */
export interface RunnerOutputs {
  /** Whether it gives fusion's gates. @default false */
  gates?: boolean
}

/** Runs a model on batches of any size and length. */
export interface ModelRunner {
  /** Computes one batch; labels in it are not read. Calls at the same time are answered one after the other. */
  infer(batch: BatchArrays): Promise<Inference>
  /** Frees what was made to run the model, after the calls under way; later ones are refused. The model itself stays. */
  dispose(): Promise<void>
}

/** A runner of which `dispose` may be called at any time, from one whose calls must be over by then. */
export const createModelRunner = (runner: ModelRunner): ModelRunner =>
  withLifetime(runner, { of: 'runner', again: 'Create it again' })
