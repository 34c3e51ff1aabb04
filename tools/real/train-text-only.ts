import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseVocab, textEncoderConfigToHuggingFace } from '@mafjs/encoders'
import { nerMaf } from './ner-maf-process'
import type { RealSetting } from './setting'

/** One short text-only training on Twitter-2015 from the command line, from random weights and with progress. */
export async function trainTextOnly({ root, shared, work, engine }: RealSetting): Promise<string[]> {
  const encoder = join(work, 'small-bert')
  await mkdir(encoder)
  const vocab = join(shared, 'models/vocab/bert-base-cased-vocab.txt')
  await copyFile(vocab, join(encoder, 'vocab.txt'))
  const config = textEncoderConfigToHuggingFace({
    kind: 'bert',
    vocabSize: parseVocab(await readFile(vocab, 'utf8')).length,
    hidden: 64,
    layers: 2,
    heads: 4,
    intermediate: 128,
    maxPositions: 128,
  })
  await writeFile(join(encoder, 'config.json'), JSON.stringify(config))
  console.log('\nner-maf train on Twitter-2015, text only, a small BERT from random weights, one epoch:')
  const code = await nerMaf(root, [
    'train',
    '--data',
    join(shared, 'data/twitter2015'),
    '--text-encoder',
    encoder,
    '--random-text-encoder',
    '--out',
    join(work, 'text-only'),
    '--epochs',
    '1',
    '--batch-size',
    '32',
    '--learning-rate',
    '1e-3',
    '--engine',
    engine.name,
  ])
  return code === 0 ? [] : [`ner-maf train ended with exit code ${code}`]
}
