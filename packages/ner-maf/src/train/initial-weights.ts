import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { onnxWeights } from '@mafjs/compile'
import { readImageModel } from '@mafjs/encoders/onnx'
import { InvalidArgumentError } from '@mafjs/tensor'
import { readJson, readWhole } from '@mafjs/tensor/files'
import { type InitialWeights, readWeights, type Snapshot } from '@mafjs/train'
import { findModel } from '../checkpoint/find-model'
import { readCheckpointConfig } from '../checkpoint/load-checkpoint'
import { EXPORT_FILES, type ExportConfig } from '../export/export-config'
import { readExportConfig } from '../export/load-export'
import { isExport } from '../export/write-export'
import type { MafConfig } from '../model/config'

/** The model that is to start from another one. */
export interface InitialWeightsOptions {
  config: Pick<MafConfig, 'labels' | 'textEncoder'>
  /** The `tokenizer.json` object. */
  tokenizer: object
}

/** What only means something for the labels that it was trained with. */
const isHead = (name: string): boolean => /^(crf|classifier)\./.test(name)

const isParameter = (name: string): boolean =>
  /^(text_encoder|image_encoder|alignment|interaction|matching|fusion|classifier)\./.test(name)

const FIX = 'Give a folder that `ner-maf train` or `ner-maf export` wrote.'

function fromCrf({ crf: { start, end, transitions } }: ExportConfig): Snapshot {
  const vector = (values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) })
  return {
    'crf.start_transitions': vector(start),
    'crf.end_transitions': vector(end),
    'crf.transitions': {
      shape: [transitions.length, transitions.length],
      values: Float32Array.from(transitions.flat()),
    },
  }
}

/**
 * Reads the weights of a trained model or of its export (by folder, package or name on the hub) for another one to start from. Those of an
 * int8 export are turned back to float32; heads of other labels are left out, whatever their shape.
 *
 * @returns the weights, and sentences for a person
 * @throws InvalidArgumentError for a folder that is neither, or a model whose text was cut into other pieces: the same number of
 * a piece then means another word.
 */
export async function initialWeights(
  model: string,
  { config, tokenizer }: InitialWeightsOptions,
): Promise<{ init: InitialWeights; notes: string[] }> {
  const notes: string[] = []
  const folder = await findModel(model)
  const read = await readWhole(folder, async place => {
    const definition = await readJson<object>(join(place, 'tokenizer.json'), { fix: FIX })
    if (!(await isExport(place))) {
      const { model } = await readCheckpointConfig(place)
      return { definition, model, ...(await readWeights(place)), restored: [] }
    }
    const exported = await readExportConfig(place)
    const file = join(place, EXPORT_FILES.model)
    const { weights, restored } = onnxWeights(await readImageModel(file), file)
    // A graph has constants of its own too.
    const own = Object.fromEntries(Object.entries(weights).filter(([name]) => isParameter(name)))
    return { definition, model: exported.model, weights: { ...own, ...fromCrf(exported) }, restored }
  })
  if (!isDeepStrictEqual(read.definition, JSON.parse(JSON.stringify(tokenizer)))) {
    throw new InvalidArgumentError({
      argument: 'init',
      rule: 'must be a model with the tokenizer of the text encoder',
      received: `${model}, whose tokenizer.json is another one`,
      fix: 'Give the text encoder that the model was trained with.',
    })
  }
  if (read.restored.length > 0) {
    notes.push(`${read.restored.length} weights of ${model} were bytes and are turned back to float32.`)
  }
  notes.push(...onShapes(model, read.model, config))
  let weights: Snapshot = read.weights
  if (!isDeepStrictEqual(read.model.labels, [...config.labels])) {
    weights = Object.fromEntries(Object.entries(weights).filter(([name]) => !isHead(name)))
    notes.push(`${model} has other labels (${read.model.labels.join(', ')}): classifier and CRF start anew.`)
  }
  return { init: { from: model, weights }, notes }
}

type Told = InitialWeightsOptions['config']

/** What becomes of the shapes of words where only one of two models reads them. */
function onShapes(model: string, { textEncoder: there }: Told, { textEncoder: here }: Told): string[] {
  if (isDeepStrictEqual(there.wordShapes, here.wordShapes)) return []
  if (!there.wordShapes) return [`${model} reads no shapes of words: they begin with zeros.`]
  if (!here.wordShapes) {
    return [`${model} reads the shapes of words: what it knows of them is left out without wordShapes: true.`]
  }
  throw new InvalidArgumentError({
    argument: 'init',
    rule: `must be a model with the shapes of words of this version, ${here.wordShapes.join(', ')}`,
    received: `${model}, which reads ${there.wordShapes.join(', ')}`,
    fix: 'Train it again, or start from another.',
  })
}
