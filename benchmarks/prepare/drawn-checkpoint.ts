import type { WordTokenizer } from '@mafjs/encoders'
import { buildMaf, type MafConfig, saveCheckpoint } from '@mafjs/ner-maf'
import { drawWeights } from './models'

/** Writes a model of drawn weights as a checkpoint folder. @param model.pictureSize pixels of a picture's side, where it reads pictures */
export async function writeDrawnCheckpoint(
  folder: string,
  {
    config,
    tokenizer,
    pictureSize,
  }: { config: MafConfig; tokenizer: WordTokenizer; pictureSize?: number | undefined },
): Promise<void> {
  const model = buildMaf(config, { initialise: false })
  const drawn = Object.entries(model.parameters()).map(([name, { shape }]) => [
    name,
    { shape, values: drawWeights(name, shape) },
  ])
  model.dispose()
  await saveCheckpoint(folder, {
    model: config,
    preprocessing: {
      ...{ splitter: 'tweet', maxLength: tokenizer.maxLength },
      ...(pictureSize !== undefined && { pictureSize }),
    },
    tokenizer: tokenizer.definition,
    snapshot: Object.fromEntries(drawn),
  })
}
