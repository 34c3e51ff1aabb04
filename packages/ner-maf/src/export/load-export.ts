import { join } from 'node:path'
import { type OpenedModel, openOnnx, type ThreadOptions } from '@mafjs/compile'
import { int8Note } from '@mafjs/compile/engine'
import { createOnnxImage, type OnnxImage } from '@mafjs/encoders/onnx'
import { InvalidArgumentError } from '@mafjs/tensor'
import { digestFile, digestOf, readText, readWhole, readWholeFile } from '@mafjs/tensor/files'
import { parseJson } from '@mafjs/tensor/json'
import { tokenizerOf } from '../checkpoint/tokenizer-of'
import { assertExportConfig } from './check-export-config'
import { assertDigest, assertExportGraph, COPY } from './check-export-graph'
import { EXPORT_FILES, type ExportConfig } from './export-config'
import { type ExportParts, exportParts } from './export-parts'
import { inspectExport } from './inspect-export'

/** An exported model, ready to tag posts. */
export interface LoadedExport extends ExportParts {
  /** The image model beside the graph, where one encodes the pictures. */
  onnxImage: OnnxImage | undefined
  /** Sentences for a person: what computes int8 here. */
  notes: string[]
}

/**
 * Loads an exported folder for prediction.
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
    return { ...exportParts(config, tokenizer, opened), onnxImage, notes }
  }
  return readWhole(folder, load, ({ program }) => program.dispose())
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
