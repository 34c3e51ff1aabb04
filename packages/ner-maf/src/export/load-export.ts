import { join } from 'node:path'
import { openOnnx, type ThreadOptions } from '@mafjs/compile'
import { type Crf, createCrf } from '@mafjs/crf'
import { createWordTokenizer, type TokenizerJson, type WordTokenizer } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import type { ModelRunner } from '../engine/model-runner'
import { readJson } from '../folders/read-json'
import { readWhole } from '../folders/read-whole'
import type { TaggingModel } from '../predict/tag-posts'
import { EXPORT_FILES, EXPORT_FORMAT_VERSION, type ExportConfig } from './export-config'
import { createGraphRunner } from './graph-runner'
import { int8Note } from './int8-note'

/** An exported model, ready to tag posts. */
export interface LoadedExport {
  config: ExportConfig
  model: TaggingModel
  tokenizer: WordTokenizer
  runner: ModelRunner
  /** Sentences for a person: what computes int8 here. */
  notes: string[]
}

/**
 * Loads an exported folder for prediction; a tfjs backend must have been started for the numbers of its CRF.
 *
 * @throws InvalidArgumentError for a folder of another format, one without a file, or int8 that comes out wrong here.
 */
export function loadExport(folder: string, session: ThreadOptions = {}): Promise<LoadedExport> {
  const load = async (place: string): Promise<LoadedExport> => {
    const config = await readExportConfig(place)
    const definition = await readPart<TokenizerJson>(place, EXPORT_FILES.tokenizer)
    const tokenizer = createWordTokenizer({
      tokenizer: definition,
      maxLength: config.preprocessing.maxLength,
    })
    const notes = config.quantization === 'none' ? [] : [await int8Note(folder, config)]
    const opened = await openOnnx(join(place, EXPORT_FILES.model), session)
    return {
      config,
      model: { config: config.model, parts: { crf: crfFrom(config) } },
      tokenizer,
      runner: createGraphRunner(opened, config.pictures?.size),
      notes,
    }
  }
  return readWhole(folder, load, async ({ model, runner }) => {
    model.parts.crf.dispose()
    await runner.dispose()
  })
}

const readPart = <Content>(folder: string, name: string): Promise<Content> =>
  readJson(join(folder, name), { fix: 'Give the folder that `ner-maf export --out` wrote.' })

/**
 * Reads what belongs around an exported graph.
 *
 * @throws InvalidArgumentError for a folder of another format.
 */
export async function readExportConfig(folder: string): Promise<ExportConfig> {
  const config = await readPart<ExportConfig>(folder, EXPORT_FILES.config)
  const { model_type, format_version } = config
  if (model_type === 'maf-onnx' && format_version === EXPORT_FORMAT_VERSION) return config
  throw new InvalidArgumentError({
    argument: join(folder, EXPORT_FILES.config),
    rule: `must be of an exported model of format ${EXPORT_FORMAT_VERSION}`,
    received: { model_type, format_version },
    fix: 'Export the model again with this version.',
  })
}

function crfFrom({ labels, crf: { start, end, transitions, constraints } }: ExportConfig): Crf {
  const crf = createCrf({ labels, constraints })
  const assign = (name: string, values: number[] | number[][]): void => {
    const tensor = tf.tensor(values)
    crf.parameters()[name]!.assign(tensor)
    tensor.dispose()
  }
  assign('start_transitions', start)
  assign('end_transitions', end)
  assign('transitions', transitions)
  return crf
}
