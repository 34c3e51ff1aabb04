import { join } from 'node:path'
import {
  type CompleteTextEncoderConfig,
  createTextEncoder,
  type TextEncoder,
  WORD_SHAPES,
  type WordTokenizer,
} from '@mafjs/encoders'
import { readJson, readWhole } from '@mafjs/tensor/files'
import type { Preprocessing } from '../checkpoint/checkpoint'
import { findModel } from '../checkpoint/find-model'
import { readCheckpointConfig } from '../checkpoint/load-checkpoint'
import { tokenizerOf } from '../checkpoint/tokenizer-of'
import { readExportConfig } from '../export/load-export'
import { isExport } from '../export/write-export'

/** How a trained model reads texts: what a run takes from it that names no text encoder of its own. */
export interface TextOfModel {
  preprocessing: Pick<Preprocessing, 'splitter' | 'maxLength'>
  /** Its text encoder, with first values for the weights of the model to be put in, and its tokenizer. */
  create(
    options: Pick<CompleteTextEncoderConfig, 'summary' | 'seed'> & {
      maxLength: number
      wordShapes?: boolean | undefined
    },
  ): { encoder: TextEncoder; tokenizer: WordTokenizer }
}

/**
 * Reads how a trained model, or its export, reads texts.
 *
 * @throws InvalidArgumentError for a folder that is neither, or damaged.
 */
export async function textOfModel(name: string): Promise<TextOfModel> {
  return readWhole(await findModel(name), async place => {
    const read = (await isExport(place)) ? readExportConfig : readCheckpointConfig
    const { model, preprocessing } = await read(place)
    const definition = await readJson(join(place, 'tokenizer.json'), {
      fix: 'The file is damaged; train or copy the model again.',
    })
    const { textEncoder } = model
    return {
      preprocessing,
      create: ({ maxLength, wordShapes, ...options }) => ({
        encoder: createTextEncoder({
          ...textEncoder,
          ...(wordShapes && !textEncoder.wordShapes && { wordShapes: WORD_SHAPES }),
          ...options,
        }),
        tokenizer: tokenizerOf(definition, { model, preprocessing: { ...preprocessing, maxLength } }, place),
      }),
    }
  })
}
