import {
  availableThreads,
  type ChooseWeightType,
  type ChosenWeights,
  chooseWeights,
  createQuantizer,
  type OnnxGraph,
  probeInt8,
  type QuantizedGraph,
} from '@mafjs/compile'
import { processorName } from '@mafjs/compile/engine'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { LoadedCheckpoint } from '../checkpoint/load-checkpoint'
import type { MafProgram } from '../task/maf-program'
import { calibrationFeeds } from './calibration-feeds'
import { compareScores, compareSpeed } from './compare-programs'
import type { QuantizationReport } from './quantization-report'
import type { Quantization } from './quantizations'
import { type GraphScore, openGraph, scoreProgram } from './score-graph'
import { readValidation, type ValidationData, type ValidationOptions } from './validation-data'

/** How a model is brought to int8. */
export interface QuantizeMafOptions extends ValidationOptions {
  /** @default 'int8' */
  quantize?: Quantization | undefined
  /** Posts with pictures that the ranges of the image encoder's maps are taken from. @default 32 */
  calibration?: number | undefined
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
  options: QuantizeMafOptions,
): Promise<{ graph: OnnxGraph; report: QuantizationReport }> {
  const data = await readValidation(options, checkpoint)
  try {
    return await quantizeMeasured(graph, checkpoint, data, options)
  } finally {
    await data.pictures?.dispose()
  }
}

async function quantizeMeasured(
  graph: OnnxGraph,
  checkpoint: LoadedCheckpoint,
  data: ValidationData,
  { quantize = 'int8', calibration = 32, engine, images }: QuantizeMafOptions,
): Promise<{ graph: OnnxGraph; report: QuantizationReport }> {
  const session = engine.name === 'onnx' ? engine.session : undefined
  const threads = session?.threads ?? availableThreads()
  const hasConvolutions = graph.nodes.some(({ op }) => op === 'Conv')
  const { feeds, pictures } = hasConvolutions
    ? await calibrationFeeds(checkpoint, data, { count: calibration, withPicture: true })
    : { feeds: [], pictures: 0 }
  if (hasConvolutions && feeds.length === 0) {
    throw new InvalidArgumentError({
      argument: 'images',
      rule: 'must hold pictures of the posts: the ranges of the image encoder are taken from them',
      received: images ?? 'nothing',
      fix: 'Give the folder of the pictures, and data whose posts name them.',
    })
  }
  const quantizer = await createQuantizer(graph, {
    calibration: hasConvolutions ? feeds : undefined,
    session,
  })
  const floatProgram = await openGraph(graph, checkpoint, session)
  // The last form that was scored is most often the one that is taken: it is neither made nor opened again.
  let open: { types: ChooseWeightType; made: QuantizedGraph; program: MafProgram } | undefined
  const openInt8 = async (types: ChooseWeightType): Promise<NonNullable<typeof open>> => {
    if (open?.types === types) return open
    await open?.program.dispose()
    open = undefined
    const made = quantizer.quantize(types)
    open = { types, made, program: await openGraph(made.graph, checkpoint, session) }
    return open
  }
  const scores = new Map<ChooseWeightType, GraphScore>()
  const scoreOf = async (types: ChooseWeightType): Promise<GraphScore> => {
    const known = scores.get(types)
    if (known) return known
    const scored = await scoreProgram((await openInt8(types)).program, checkpoint, data)
    scores.set(types, scored)
    return scored
  }
  try {
    const float = await scoreProgram(floatProgram, checkpoint, data)
    const chosen: ChosenWeights =
      quantize === 'int8-full'
        ? { types: 'int8', trials: [] }
        : await chooseWeights({
            quantizer,
            samples: async () =>
              hasConvolutions
                ? feeds
                : (await calibrationFeeds(checkpoint, data, { count: calibration })).feeds,
            float: float.f1,
            score: async types => (await scoreOf(types)).f1,
          })
    const int8 = await scoreOf(chosen.types)
    const { made, program } = await openInt8(chosen.types)
    const { graph: quantized, counts, weights, ...zeroPoint } = made
    return {
      graph: quantized,
      report: {
        ...compareScores({ float, int8 }, data),
        speed: await compareSpeed({ float: floatProgram, int8: program }, checkpoint, data),
        size: { float: numbersIn(graph), int8: numbersIn(quantized) },
        quantized: counts,
        weights,
        trials: chosen.trials,
        calibration: pictures,
        ...zeroPoint,
        machine: {
          processor: processorName(),
          threads,
          saturates: (await probeInt8()).saturates,
        },
      },
    }
  } finally {
    await open?.program.dispose()
    await floatProgram.dispose()
  }
}
