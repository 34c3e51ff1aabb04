import { createSession, type QuantizeGraphOptions, quantizeGraph } from '@mafjs/compile'
import type { BatchArrays } from '../model/batch-arrays'
import type { Maf } from '../model/maf'
import type { MafProgram } from '../task/maf-program'
import { graphFeeds, graphPictures, graphProgram } from './graph-feeds'
import { type ExportMafOptions, exportMaf } from './maf-graph'

/** How a model is run in int8. */
export interface QuantizedProgramOptions extends ExportMafOptions, Omit<QuantizeGraphOptions, 'calibration'> {
  /** Batches with pictures that show which numbers the maps of convolutions hold. @default convolutions stay float */
  calibration?: readonly BatchArrays[] | undefined
}

/**
 * Runs a model in int8 without writing it anywhere.
 *
 * @throws InvalidArgumentError for an empty calibration, or a missing picture size.
 */
export async function createQuantizedProgram(
  model: Maf,
  { pictureSize, calibration, ...options }: QuantizedProgramOptions = {},
): Promise<MafProgram> {
  const graph = await exportMaf(model, { pictureSize })
  const pictures = graphPictures(graph.inputs, pictureSize)
  const { graph: quantized } = await quantizeGraph(graph, {
    ...options,
    ...(calibration && { calibration: calibration.map(batch => graphFeeds(batch, pictures)) }),
  })
  return graphProgram(await createSession(quantized, options.session), pictures)
}
