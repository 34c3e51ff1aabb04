import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type EncodedModel, encodeForFiles, type OnnxGraph } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import { exists, folderPath, recoverFolder, swapFolder, swapPlaces } from '../checkpoint/swap-folder'
import { assertWritableFolder, writeSynced } from '../checkpoint/write-folder'
import { EXPORT_FILES, type ExportConfig } from './export-config'

/** What goes into an exported folder. */
export interface ExportContent {
  graph: OnnxGraph
  config: ExportConfig
  /** The `tokenizer.json` object. */
  tokenizer: object
  /** What quantising cost and won. */
  report?: object
}

/** How a folder is written. */
export interface WriteExportOptions {
  /** Replaces an exported model that is there already. @default false */
  overwrite?: boolean
  /** Bytes of numbers above which they go into a file of their own. @default 1.5e9 */
  externalAbove?: number
}

/**
 * Refuses a folder that is there already, before any work is done for it; with `overwrite`, one that is no exported
 * model, above all the checkpoint itself.
 *
 * @throws InvalidArgumentError naming the folder and the way out.
 */
export async function assertWritableExport(folder: string, { overwrite = false } = {}): Promise<void> {
  const target = await folderPath(folder)
  if (!overwrite || !(await exists(target))) return assertWritableFolder(folder)
  await recoverFolder(target)
  if (await isExport(target)) return
  throw new InvalidArgumentError({
    argument: '--overwrite',
    rule: 'replaces only a folder that ner-maf export wrote',
    received: folder,
    fix: 'Choose another folder, or remove this one yourself.',
  })
}

/** Whether a folder holds an exported model. */
export async function isExport(folder: string): Promise<boolean> {
  try {
    const config = JSON.parse(
      await readFile(join(folder, EXPORT_FILES.config), 'utf8'),
    ) as Partial<ExportConfig>
    return config?.model_type === 'maf-onnx'
  } catch {
    return false
  }
}

/**
 * Writes an exported folder aside and renames it into place: a reader sees all of it or what was there before.
 *
 * @returns the bytes of the model and of the numbers beside it
 * @throws InvalidArgumentError as `assertWritableExport` does.
 */
export async function writeExport(
  folder: string,
  { graph, config, tokenizer, report }: ExportContent,
  { overwrite = false, externalAbove }: WriteExportOptions = {},
): Promise<number> {
  await assertWritableExport(folder, { overwrite })
  const target = await folderPath(folder)
  const { partial } = swapPlaces(target)
  const { model, data } = encodeForFiles(graph, {
    location: EXPORT_FILES.data,
    externalAbove,
    // Who has nothing but the file can still read what its numbers mean.
    metadata: { maf: JSON.stringify(config) },
  })
  const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`
  try {
    await mkdir(partial, { recursive: true })
    await writeSynced(join(partial, EXPORT_FILES.model), model)
    if (data) await writeChunks(join(partial, EXPORT_FILES.data), data)
    await writeSynced(join(partial, EXPORT_FILES.tokenizer), json(tokenizer))
    if (report) await writeSynced(join(partial, EXPORT_FILES.report), json(report))
    await writeSynced(join(partial, EXPORT_FILES.config), json(config))
    await swapFolder(target)
  } catch (error) {
    await rm(partial, { recursive: true, force: true })
    throw error
  }
  // Files of the folder before that this one has no use for moved along with whatever else a person kept there.
  if (!data) await rm(join(target, EXPORT_FILES.data), { force: true })
  if (!report) await rm(join(target, EXPORT_FILES.report), { force: true })
  return model.byteLength + (data?.size ?? 0)
}

async function writeChunks(path: string, { chunks }: NonNullable<EncodedModel['data']>): Promise<void> {
  const file = await open(path, 'w')
  try {
    for (const chunk of chunks()) await file.writeFile(chunk)
    await file.sync()
  } finally {
    await file.close()
  }
}
