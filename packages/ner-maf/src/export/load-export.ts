import { join } from 'node:path'
import { type OpenedModel, openOnnx, type ThreadOptions } from '@mafjs/compile'
import { int8Note } from '@mafjs/compile/engine'
import { type Crf, createCrf } from '@mafjs/crf'
import type { WordTokenizer } from '@mafjs/encoders'
import { createOnnxImage, type OnnxImage } from '@mafjs/encoders/onnx'
import { InvalidArgumentError } from '@mafjs/tensor'
import { digestFile, digestOf, parseJson, readText, readWhole, readWholeFile } from '@mafjs/tensor/files'
import * as tf from '@tensorflow/tfjs-core'
import { tokenizerOf } from '../checkpoint/tokenizer-of'
import type { MafParts } from '../model/maf'
import type { TaggingModel } from '../task/decode-posts'
import type { MafProgram } from '../task/maf-program'
import { assertExportConfig } from './check-export-config'
import { assertDigest, assertExportGraph, COPY, inspectExport } from './check-export-graph'
import { EXPORT_FILES, type ExportConfig } from './export-config'
import { graphPictures, graphProgram, outputsToTag } from './graph-feeds'

/** An exported model, ready to tag posts. */
export interface LoadedExport {
  config: ExportConfig
  model: TaggingModel & { parts: Pick<MafParts, 'crf' | 'onnxImage'> }
  tokenizer: WordTokenizer
  program: MafProgram
  /** Gives the maps that the graph carries, too; the same session. */
  explaining: MafProgram
  /** Sentences for a person: what computes int8 here. */
  notes: string[]
}

/**
 * Loads an exported folder for prediction; a tfjs backend must have been started for the numbers of its CRF.
 *
 * @throws InvalidArgumentError naming the file, and its field, that is missing, damaged or of another export; or for int8 that
 * comes out wrong here.
 */
export function loadExport(folder: string, session: ThreadOptions = {}): Promise<LoadedExport> {
  const load = async (place: string): Promise<LoadedExport> => {
    const config = await readExportConfig(place)
    const definition = await readPart(place, EXPORT_FILES.tokenizer, config.sha256)
    const tokenizer = tokenizerOf(definition, config, place)
    const onnxImage = await imageOf(place, config)
    const notes = config.quantization === 'none' ? [] : [await int8Note(folder, config.weights)]
    const opened = await openGraph(place, config, session)
    const pictures = graphPictures(config.inputs, config.pictures?.size)
    return {
      config,
      model: { config: config.model, parts: { crf: crfFrom(config), onnxImage } },
      tokenizer,
      program: graphProgram(opened, pictures, outputsToTag(config.outputs)),
      explaining: graphProgram(opened, pictures),
      notes,
    }
  }
  return readWhole(folder, load, async ({ model, program }) => {
    model.parts.crf.dispose()
    await program.dispose()
  })
}

/** The image model beside the graph, where one encodes the pictures. */
async function imageOf(
  place: string,
  { model: { imageEncoder } }: ExportConfig,
): Promise<OnnxImage | undefined> {
  if (imageEncoder?.kind !== 'onnx') return undefined
  const file = join(place, EXPORT_FILES.image)
  return createOnnxImage(await readWholeFile(file, COPY), imageEncoder, file)
}

/** Opens a graph that is the one that was written. */
async function openGraph(place: string, config: ExportConfig, session: ThreadOptions): Promise<OpenedModel> {
  const file = join(place, EXPORT_FILES.model)
  const data = join(place, EXPORT_FILES.data)
  let hasData = false
  const opened = await openOnnx(file, {
    ...session,
    inspect: model => {
      hasData = inspectExport(model, file, config)
    },
  }).catch(error => {
    if (error instanceof InvalidArgumentError) throw error
    const received = (error as Error).message.split('\n')[0]!.replace(/\.$/, '')
    const fix = 'It is damaged, or of a version that this ONNX Runtime does not know; export the model again.'
    throw new InvalidArgumentError({
      argument: file,
      rule: 'must be a model that ONNX Runtime can run',
      received,
      fix,
    })
  })
  try {
    if (hasData && config.sha256) {
      assertDigest(data, config.sha256[EXPORT_FILES.data], await digestFile(data))
    }
    assertExportGraph(opened, config, join(place, EXPORT_FILES.config))
    return opened
  } catch (error) {
    await opened.dispose()
    throw error
  }
}

async function readPart(
  folder: string,
  name: string,
  sha256?: ExportConfig['sha256'],
): Promise<Record<string, unknown>> {
  const file = join(folder, name)
  const json = { fix: 'Give the folder of an exported model.' }
  const text = await readText(file, json.fix)
  const content = parseJson<Record<string, unknown>>(text, file, json)
  if (sha256) assertDigest(file, sha256[name], digestOf([text]))
  return content
}

/**
 * Reads what belongs around an exported graph.
 *
 * @throws InvalidArgumentError for a folder of another format, or a file that is damaged.
 */
export async function readExportConfig(folder: string): Promise<ExportConfig> {
  const config = await readPart(folder, EXPORT_FILES.config)
  assertExportConfig(config, join(folder, EXPORT_FILES.config))
  return config
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
