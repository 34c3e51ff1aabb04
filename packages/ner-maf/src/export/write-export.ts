import { join } from 'node:path'
import { encodeForFiles, type OnnxGraph } from '@mafjs/compile'
import { digestOf, type FolderKind, readJsonIfThere, writeFolder } from '@mafjs/tensor/files'
import { EXPORT_FILES, type ExportConfig } from './export-config'

/** What goes into an exported folder. */
export interface ExportContent {
  graph: OnnxGraph
  config: ExportConfig
  /** The `tokenizer.json` object. */
  tokenizer: object
  /** The file of an ONNX image model, where one encodes the pictures. */
  image?: Uint8Array | undefined
  /** What quantising cost and won. */
  report?: object | undefined
  /** The model's card. */
  card?: string | undefined
}

/** How a folder is written. */
export interface WriteExportOptions {
  /** Replaces an exported model that is there already. @default false */
  overwrite?: boolean | undefined
  /** Bytes of numbers above which they go into a file of their own. @default 1.5e9 */
  externalAbove?: number | undefined
}

/**
 * Whether a folder holds an exported model.
 *
 * @throws InvalidArgumentError for a config that cannot be read, or is damaged.
 */
export async function isExport(folder: string): Promise<boolean> {
  const fix =
    'The file is damaged: write or copy the model again, into another folder or when you have removed this one.'
  const config = await readJsonIfThere<Partial<ExportConfig>>(join(folder, EXPORT_FILES.config), { fix })
  return config?.model_type === 'maf-onnx'
}

/** An exported model; above all no checkpoint, so that no export ever replaces one. */
export const EXPORT_FOLDER: FolderKind = {
  name: 'a folder that ner-maf export wrote',
  mark: EXPORT_FILES.config,
  isOne: isExport,
}

/**
 * Writes an exported folder, all of it or nothing.
 *
 * @returns the bytes of the model and of the numbers beside it
 * @throws InvalidArgumentError for a folder that is there already and no export, or not to be replaced.
 */
export async function writeExport(
  folder: string,
  { graph, config, tokenizer, image, report, card }: ExportContent,
  { overwrite, externalAbove }: WriteExportOptions = {},
): Promise<number> {
  const { model, data } = encodeForFiles(graph, {
    location: EXPORT_FILES.data,
    externalAbove,
    // Who has nothing but the file can still read what its numbers mean.
    metadata: { maf: JSON.stringify(config) },
  })
  const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`
  const definition = json(tokenizer)
  const sha256 = {
    [EXPORT_FILES.model]: digestOf(model),
    ...(data && { [EXPORT_FILES.data]: digestOf(data.chunks()) }),
    [EXPORT_FILES.tokenizer]: digestOf([definition]),
    ...(image && { [EXPORT_FILES.image]: digestOf(image) }),
  }
  const files = {
    [EXPORT_FILES.model]: model,
    [EXPORT_FILES.data]: data?.chunks(),
    [EXPORT_FILES.tokenizer]: definition,
    [EXPORT_FILES.image]: image,
    [EXPORT_FILES.report]: report && json(report),
    [EXPORT_FILES.card]: card,
    [EXPORT_FILES.config]: json({ ...config, sha256 }),
  }
  await writeFolder(folder, files, { kind: EXPORT_FOLDER, overwrite })
  return model.byteLength + (data?.size ?? 0)
}
