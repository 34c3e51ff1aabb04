import type { SplitterName } from '@mafjs/data'
import { type LoadedTokenizer, loadTokenizer } from '@mafjs/encoders'
import { readWhole } from '@mafjs/tensor/files'
import { findModel } from '../checkpoint/find-model'
import { readCheckpointConfig } from '../checkpoint/load-checkpoint'
import { readExportConfig } from './load-export'
import { isExport } from './write-export'

/** How a trained model cuts texts. */
export interface LoadedModelTokenizer extends LoadedTokenizer {
  splitter: SplitterName
  /** Whether it reads longer posts in windows, so that none is cut. */
  readsWindows: boolean
}

/**
 * Loads of a trained model, or of its export, only what cuts texts into words and pieces.
 *
 * @param name a folder, an installed package, or a name on the hub
 * @param options `maxLength`: longest sequence of word pieces. @default the model's
 * @throws InvalidArgumentError for what is neither, or damaged.
 */
export async function loadModelTokenizer(
  name: string,
  { maxLength }: { maxLength?: number | undefined } = {},
): Promise<LoadedModelTokenizer> {
  return readWhole(await findModel(name), async place => {
    const read = (await isExport(place)) ? readExportConfig : readCheckpointConfig
    const { preprocessing } = await read(place)
    return {
      ...(await loadTokenizer(place, { maxLength: maxLength ?? preprocessing.maxLength })),
      splitter: preprocessing.splitter,
      readsWindows: preprocessing.windowOverlap !== undefined,
    }
  })
}
