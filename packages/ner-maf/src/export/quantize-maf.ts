import { createSession, type OnnxGraph, quantizeGraph, type SessionOptions } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { LoadedCheckpoint } from '../checkpoint/load-checkpoint'
import { calibrationFeeds } from './calibration-feeds'
import { compareRunners, processorName } from './compare-runners'
import { createGraphRunner } from './graph-runner'
import type { QuantizationReport } from './quantization-report'
import { readValidation, type ValidationOptions } from './validation-data'

/** How a model is brought to int8. */
export interface QuantizeMafOptions extends ValidationOptions {
  /** Posts with pictures that the ranges of the image encoder's maps are taken from. @default 32 */
  calibration?: number
  session?: SessionOptions
}

const numbersIn = ({ initializers }: OnnxGraph): number =>
  initializers.reduce((sum, { data }) => sum + data.byteLength, 0)

/**
 * Brings an exported graph to int8 and measures what that costs and wins on labelled posts.
 *
 * @throws InvalidArgumentError for posts that cannot be scored, or an image encoder without pictures to calibrate on.
 */
export async function quantizeMaf(
  graph: OnnxGraph,
  checkpoint: LoadedCheckpoint,
  { calibration = 32, session, ...validation }: QuantizeMafOptions,
): Promise<{ graph: OnnxGraph; report: QuantizationReport }> {
  const data = await readValidation(validation, checkpoint)
  const hasConvolutions = graph.nodes.some(({ op }) => op === 'Conv')
  const { feeds, pictures } = hasConvolutions
    ? await calibrationFeeds(checkpoint, data, calibration)
    : { feeds: [], pictures: 0 }
  if (hasConvolutions && feeds.length === 0) {
    throw new InvalidArgumentError({
      argument: '--images',
      rule: 'must hold pictures of the posts: the ranges of the image encoder are taken from them',
      received: validation.images ?? 'nothing',
      fix: 'Give the folder of the pictures, and data whose posts name them.',
    })
  }
  const {
    graph: quantized,
    counts,
    ...chosen
  } = await quantizeGraph(graph, {
    ...(hasConvolutions && { calibration: feeds }),
    session,
  })
  const { pictureSize } = checkpoint.config.preprocessing
  const size = graph.inputs.some(({ name }) => name === 'pixels') ? pictureSize : undefined
  const runners = {
    float: createGraphRunner(await createSession(graph, session), size),
    int8: createGraphRunner(await createSession(quantized, session), size),
  }
  try {
    const compared = await compareRunners(runners, checkpoint, data)
    return {
      graph: quantized,
      report: {
        ...compared,
        size: { float: numbersIn(graph), int8: numbersIn(quantized) },
        quantized: counts,
        calibration: pictures,
        ...chosen,
        machine: { processor: processorName(), threads: session?.threads ?? 'one per core' },
      },
    }
  } finally {
    await runners.float.dispose()
    await runners.int8.dispose()
  }
}
