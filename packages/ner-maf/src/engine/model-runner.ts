import type { BatchArrays, HostArray } from '../model/batch-arrays'

/** What a model says of a batch; all that comes after is done on these numbers. */
export interface Inference {
  /** `[batch, steps, labels]` */
  emissions: HostArray
  /** `[batch]`: probability that text and picture belong together; none without pictures or matching. */
  match?: Float32Array
}

/** Runs a model on batches of any size and length. */
export interface ModelRunner {
  /** Computes one batch; labels in it are not read. Calls at the same time are answered one after the other. */
  infer(batch: BatchArrays): Promise<Inference>
  /** Frees what was made to run the model, after the calls under way; the model itself stays. */
  dispose(): Promise<void>
}
