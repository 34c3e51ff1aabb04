import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** What two cores can teach from nothing in a few minutes: the size called BERT-Mini (Turc et al., 2019). */
const SIZE = { num_hidden_layers: 4, hidden_size: 256, num_attention_heads: 4, intermediate_size: 1024 }

/** Writes the configuration and tokenizer of a small BERT without weights, the tokenizer being that of a larger one. */
export async function writeSmallBert(
  folder: string,
  { tokenizerOf }: { tokenizerOf: string },
): Promise<void> {
  const larger = JSON.parse(await readFile(join(tokenizerOf, 'config.json'), 'utf8')) as object
  const { _name_or_path, ...config } = { _name_or_path: '', ...larger, ...SIZE }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'config.json'), `${JSON.stringify(config, null, 2)}\n`)
  for (const file of ['tokenizer.json', 'tokenizer_config.json', 'vocab.txt']) {
    await copyFile(join(tokenizerOf, file), join(folder, file))
  }
}
