import { createSession, type QuantizeGraphOptions, quantizeGraph } from '@mafjs/compile'
import type { ModelRunner } from '../engine/model-runner'
import type { BatchArrays } from '../model/batch-arrays'
import type { Maf } from '../model/maf'
import { graphFeeds } from './graph-feeds'
import { createGraphRunner } from './graph-runner'
import { type ExportMafOptions, exportMaf } from './maf-graph'

/** How a model is run in int8. */
export interface QuantizedRunnerOptions extends ExportMafOptions, Omit<QuantizeGraphOptions, 'calibration'> {
  /** Batches with pictures that show which numbers the maps of convolutions hold. @default convolutions stay float */
  calibration?: readonly BatchArrays[]
}

/**
 * Runs a model in int8 without writing it anywhere.
 *
 * @throws InvalidArgumentError for an empty calibration, or a missing picture size.
 */
export async function createQuantizedRunner(
  model: Maf,
  { pictureSize, calibration, ...options }: QuantizedRunnerOptions = {},
): Promise<ModelRunner> {
  const graph = await exportMaf(model, { ...(pictureSize !== undefined && { pictureSize }) })
  const size = graph.inputs.some(({ name }) => name === 'pixels') ? pictureSize : undefined
  const { graph: quantized } = await quantizeGraph(graph, {
    ...options,
    ...(calibration && { calibration: calibration.map(batch => graphFeeds(batch, size)) }),
  })
  return createGraphRunner(await createSession(quantized, options.session), size)
}
