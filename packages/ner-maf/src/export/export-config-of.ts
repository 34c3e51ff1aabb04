import { EXACT_BYTES, type OnnxGraph, type TensorSpec } from '@mafjs/compile'
import { preparationOf } from '@mafjs/encoders'
import type { LoadedCheckpoint } from '../checkpoint/load-checkpoint'
import { version } from '../version'
import {
  EXPORT_FORMAT_VERSION,
  type ExportConfig,
  type ExportedCrf,
  type ExportedPictures,
  type ExportedTensor,
  readsImages,
} from './export-config'

/** Describes an exported graph and what belongs around it. */
export async function exportConfigOf(
  { model, config }: Pick<LoadedCheckpoint, 'model' | 'config'>,
  {
    graph,
    quantization,
    weights,
    profile,
    source,
  }: { graph: OnnxGraph; profile?: ExportConfig['profile'] | undefined } & Pick<
    ExportConfig,
    'quantization' | 'weights' | 'source'
  >,
): Promise<ExportConfig> {
  const { preprocessing } = config
  const tensor = ({ name, type, shape }: TensorSpec): ExportedTensor => ({ name, type, shape: [...shape] })
  const pictures = readsImages(graph.inputs) && picturesOf(preprocessing)
  return {
    model_type: 'maf-onnx',
    format_version: EXPORT_FORMAT_VERSION,
    maf_version: version,
    quantization,
    ...(profile !== undefined && { profile }),
    ...(weights && { weights }),
    ...(weights && weights.int8 > 0 && { session_config: EXACT_BYTES }),
    labels: model.config.labels,
    types: model.config.types,
    preprocessing,
    ...(pictures && { pictures }),
    crf: await crfOf(model),
    inputs: graph.inputs.map(tensor),
    outputs: graph.outputs.map(tensor),
    model: model.config,
    source,
  }
}

const picturesOf = ({
  pictureSize,
  ...pictures
}: LoadedCheckpoint['config']['preprocessing']): ExportedPictures =>
  preparationOf({ pictureSize: pictureSize!, ...pictures })

async function crfOf({ config, parts }: LoadedCheckpoint['model']): Promise<ExportedCrf> {
  const parameters = parts.crf.parameters()
  const read = async (name: string): Promise<number[]> => [...(await parameters[name]!.data<'float32'>())]
  const transitions = await read('transitions')
  const count = config.labels.length
  return {
    start: await read('start_transitions'),
    end: await read('end_transitions'),
    transitions: Array.from({ length: count }, (_, from) =>
      transitions.slice(from * count, (from + 1) * count),
    ),
    constraints: config.constraints,
  }
}
