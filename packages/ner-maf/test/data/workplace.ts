import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { VOCABULARY } from '../checkpoint/tiny-checkpoint'
import { folderWith } from './files'

/** A folder with a BERT of a few numbers, without weights, and files of posts in `data`. */
export async function workplace(files: Record<string, string>): Promise<string> {
  const root = await folderWith({
    'vocab.txt': VOCABULARY.map(piece => `${piece}\n`).join(''),
    'config.json': JSON.stringify({
      vocab_size: VOCABULARY.length,
      hidden_size: 8,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      intermediate_size: 16,
      max_position_embeddings: 32,
    }),
  })
  await mkdir(join(root, 'data'))
  for (const [name, content] of Object.entries(files)) await writeFile(join(root, 'data', name), content)
  return root
}
