import { givenTensors } from '@mafjs/compile/engine'
import type { Batch } from '@mafjs/data'
import { type BatchArrays, type BatchPictures, batchArrays } from '../../src/model/batch-arrays'
import type { MafConfig } from '../../src/model/config'
import type { MafInputs } from '../../src/model/maf'

/** Arrays of a batch as tensors of the active backend. */
export const tensorsOf = (arrays: BatchArrays): MafInputs => givenTensors<MafInputs>(arrays).inputs

/** A batch as the tensors that a model reads. */
export const batchTensors = (config: MafConfig, batch: Batch, pictures?: BatchPictures): MafInputs =>
  tensorsOf(batchArrays(config, batch, pictures))
