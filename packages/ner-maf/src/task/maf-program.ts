import type { Given } from '@mafjs/compile'
import { createProgram, type Engine, type Program, type ProgramOptions } from '@mafjs/compile/engine'
import type { BatchArrays } from '../model/batch-arrays'
import type { Maf, MafInputs } from '../model/maf'
import { batchAxes } from './batch-axes'
import { type MafOutputsOptions, mafOutputs } from './maf-outputs'

/** A model's outputs on batches: `emissions` `[batch, steps, labels]`, and where there are some `match` `[batch]` and maps. */
export type MafProgram = Program<MafInputs>

/**
 * Makes a model run on an engine: for ONNX Runtime one program for every number of posts and every length, which ends at the
 * emissions. Labels among the inputs are not read.
 */
export function createMafProgram(
  model: Maf,
  engine: Engine,
  { maps, weights }: MafOutputsOptions & ProgramOptions = {},
): MafProgram {
  const largest = { tokens: model.parts.textEncoder.config.maxPositions }
  const { run, dispose } = createProgram<MafInputs>(engine, inputs => mafOutputs(model, inputs, { maps }), {
    weights,
  })
  return {
    run({ labels: _, ...batch }: MafInputs | Given<MafInputs>) {
      return run(batch, batchAxes(model.config, batch as BatchArrays, largest))
    },
    dispose,
  }
}
