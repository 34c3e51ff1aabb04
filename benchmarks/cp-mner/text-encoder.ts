import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A BERT from random weights, small enough for eight trainings within an hour on one core. */
const BERT = {
  model_type: 'bert',
  vocab_size: 21_128, // bert-base-chinese
  hidden_size: 128,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 512,
  max_position_embeddings: 128,
}

/** Writes the folder of the text encoder: its shape, and the vocabulary with one token for each Chinese character. */
export async function writeTextEncoder(folder: string, models: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  await copyFile(join(models, 'vocab/bert-base-chinese-vocab.txt'), join(folder, 'vocab.txt'))
  await writeFile(join(folder, 'tokenizer_config.json'), '{ "do_lower_case": true }\n')
  await writeFile(join(folder, 'config.json'), `${JSON.stringify(BERT, null, 2)}\n`)
  return folder
}
