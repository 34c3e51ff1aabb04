import { join } from 'node:path'
import type { ExportProfile, OnnxGraph } from '@mafjs/compile'
import { useEngine } from '@mafjs/compile/engine'
import type { SplitName } from '@mafjs/data'
import { InvalidArgumentError } from '@mafjs/tensor'
import { assertWritableFolder, readTextIfThere, readWhole, withLock } from '@mafjs/tensor/files'
import { modelDigest } from '@mafjs/train'
import { findModel } from '../checkpoint/find-model'
import {
  type LoadCheckpointOptions,
  type LoadedCheckpoint,
  loadCheckpoint,
} from '../checkpoint/load-checkpoint'
import { MAPS } from '../task/maf-outputs'
import { EXPORT_FILES, type ExportConfig } from './export-config'
import { exportConfigOf } from './export-config-of'
import { exportMaf } from './maf-graph'
import { formatQuantization, type QuantizationReport } from './quantization-report'
import { QUANTIZATIONS, type Quantization } from './quantizations'
import { type QuantizeMafOptions, quantizeMaf } from './quantize-maf'
import { EXPORT_FOLDER, writeExport } from './write-export'

/** What is exported, and how. */
export interface ExportRunOptions extends LoadCheckpointOptions {
  /** Checkpoint folder, installed package, or a name on the hub. */
  model: string
  /** Folder to write. */
  out: string
  /** Replaces an exported model that is there already. @default false */
  overwrite?: boolean | undefined
  /**
   * What it is exported for: `latency` fuses the self-attention of the encoders, for answers to one post.
   * @default none, which fuses nothing
   */
  profile?: ExportProfile | undefined
  /** Writes fusion's gates and the attention over regions as outputs too, for `explain`; predicting is not slowed by them. @default false */
  explain?: boolean | undefined
  /** Brings weights to int8. @default nothing is */
  quantize?: Quantization | undefined
  /** Labelled posts that int8 is measured on: a data folder, or one file. */
  data?: string | undefined
  /** Which split of a folder. @default 'valid' */
  split?: SplitName | undefined
  /** Folder of their pictures. */
  images?: string | undefined
  /** Posts with pictures that the ranges of the image encoder's maps are taken from. @default 32 */
  calibration?: number | undefined
  /** Writes a model that lost more than half a point of F1. @default false */
  force?: boolean | undefined
  /** Threads that compute. @default one for each processor that this process may use */
  threads?: number | undefined
  /** Bytes of numbers above which they go into a file of their own. @default 1.5e9 */
  externalAbove?: number | undefined
}

/** What was exported. */
export interface ExportRunResult {
  config: ExportConfig
  /** Bytes of the model. */
  bytes: number
  /** What quantising cost and won. */
  report?: QuantizationReport
}

/** Points of F1 (of a hundred) that int8 may lose. */
export const MOST_LOST = 0.5

/**
 * Writes a checkpoint as one ONNX graph with everything that belongs around it.
 *
 * @throws InvalidArgumentError for a model or data that cannot be used, a folder that cannot be written, or more F1 lost
 * than half a point; nothing is written then.
 */
export async function exportRun(options: ExportRunOptions): Promise<ExportRunResult> {
  checkOptions(options)
  return withLock(options.out, { command: 'ner-maf export' }, () => exportInto(options))
}

async function exportInto(options: ExportRunOptions): Promise<ExportRunResult> {
  const { model: folder, out, overwrite = false, threads, externalAbove, profile, explain = false } = options
  await assertWritableFolder(out, { kind: EXPORT_FOLDER, overwrite })
  const engine = await useEngine({ engine: 'onnx', threads })
  const { source, card, checkpoint } = await readWhole(
    await findModel(folder),
    async place => ({
      checkpoint: await loadCheckpoint(place, options),
      // What is no checkpoint was refused by name.
      source: await modelDigest(place),
      card: await readTextIfThere(join(place, EXPORT_FILES.card), 'Remove the file, or mend it.'),
    }),
    ({ checkpoint }) => checkpoint.model.dispose(),
  )
  try {
    const { pictureSize } = checkpoint.config.preprocessing
    if (explain && !checkpoint.model.config.interaction) {
      throw new InvalidArgumentError({
        argument: 'explain',
        rule: 'must be left out of a model of text alone: it has no gate, and nothing attends to a picture',
        received: true,
      })
    }
    const maps = explain ? MAPS : []
    const float = await exportMaf(checkpoint.model, { pictureSize, profile, maps })
    const { graph, report } = await quantized(float, checkpoint, { ...options, engine })
    const config = await exportConfigOf(checkpoint, {
      graph,
      quantization: options.quantize ?? 'none',
      weights: report?.weights,
      profile,
      source,
    })
    const tokenizer = checkpoint.tokenizer.definition
    const image = checkpoint.model.parts.onnxImage?.model
    const content = { graph, config, tokenizer, image, report, card: card && exportCard(card, report) }
    const bytes = await writeExport(out, content, { overwrite, externalAbove })
    return { config, bytes, ...(report && { report }) }
  } finally {
    checkpoint.model.dispose()
  }
}

/** A model's card, with what the export is. */
function exportCard(card: string, report: QuantizationReport | undefined): string {
  const cost =
    report &&
    `int8 instead of float32: of the strict F1 on ${report.validation.posts} posts it costs ${report.accuracy.lost.toFixed(2)} points (\`report.json\`).`
  return `${card.trimEnd()}\n\n## This export\n\nThe model as one ONNX graph. ${cost ?? 'Its numbers are float32, as those of the model.'} The scores above are those before the export.\n`
}

async function quantized(
  graph: OnnxGraph,
  checkpoint: LoadedCheckpoint,
  { data, force = false, ...options }: ExportRunOptions & Pick<QuantizeMafOptions, 'engine'>,
): Promise<{ graph: OnnxGraph; report?: QuantizationReport }> {
  // Where one is given the other is: that was checked before anything else.
  const { quantize } = options
  if (quantize === undefined || data === undefined) return { graph }
  const made = await quantizeMaf(graph, checkpoint, { ...options, data })
  const { accuracy, validation } = made.report
  const { lost } = accuracy
  if (force) return made
  if (validation.entities === 0) {
    throw new InvalidArgumentError({
      argument: 'data',
      rule: 'must have entities: without any, nothing can be lost',
      received: `${validation.posts} posts without one`,
      fix: 'Give other posts, or write it nonetheless with force: true.',
    })
  }
  if (lost <= MOST_LOST) return made
  throw new InvalidArgumentError({
    argument: `quantize: '${quantize}'`,
    rule: `may lose at most ${MOST_LOST} points of F1`,
    received: `${lost.toFixed(2)} points\n\n${formatQuantization(made.report)}\n`,
    fix: 'Give more or other calibration pictures, write it nonetheless with force: true, or export it in float32.',
  })
}

function checkOptions({ quantize, data, images, calibration, force, explain }: ExportRunOptions): void {
  const refuse = (argument: string, rule: string, received: unknown, fix: string): never => {
    throw new InvalidArgumentError({ argument, rule, received, fix })
  }
  if (explain !== undefined && typeof explain !== 'boolean') {
    refuse('explain', 'must be true or false', explain, 'Leave it out for an export without maps.')
  }
  if (quantize !== undefined && !QUANTIZATIONS.includes(quantize)) {
    refuse('quantize', `must be ${QUANTIZATIONS.join(' or ')}`, quantize, 'Leave it out for float32.')
  }
  if (quantize !== undefined && data === undefined) {
    refuse(
      'data',
      `must be given with quantize: '${quantize}'`,
      'nothing',
      'Give labelled posts: what int8 costs is measured on them.',
    )
  }
  const given = Object.entries({ data, images, calibration, force }).find(
    ([, value]) => value !== undefined && value !== false,
  )
  if (quantize === undefined && given) {
    refuse(
      given[0],
      "belongs to quantize: 'int8'",
      String(given[1]),
      "Add quantize: 'int8', or leave it out.",
    )
  }
}
