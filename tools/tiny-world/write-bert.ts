import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseVocab, type TextEncoderConfig, textEncoderConfigToHuggingFace } from '@mafjs/encoders'

/** The shape of a small BERT. */
export interface BertShape {
  hidden: number
  layers: number
  heads: number
  intermediate: number
  maxPositions: number
}

/**
 * Writes a BERT without weights as Hugging Face has it in a folder: its shape and its vocabulary.
 *
 * @param vocab the text of `vocab.txt`
 * @returns its configuration
 */
export async function writeBert(
  folder: string,
  shape: BertShape,
  { vocab, lowercase }: { vocab: string; lowercase?: boolean },
) {
  const config = { kind: 'bert', vocabSize: parseVocab(vocab).length, ...shape } satisfies TextEncoderConfig
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'vocab.txt'), vocab)
  await writeFile(join(folder, 'config.json'), JSON.stringify(textEncoderConfigToHuggingFace(config)))
  if (lowercase !== undefined)
    await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ do_lower_case: lowercase }))
  return config
}
