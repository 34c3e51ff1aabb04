import { join } from 'node:path'
import { InvalidArgumentError, withNumbersOf } from '@mafjs/tensor'
import type { CheckpointFile } from '../hub'
import type { ImageEncoder } from '../image/image-inputs'
import type { CompleteVisionConfig } from '../image/vision-config'
import { createVisionTransformer } from '../image/vision-transformer'
import type { PicturePreparation } from '../pictures'
import { numbersIn, readWeights, WEIGHT_FILES, type Weights } from '../weights'
import { assignNetwork } from './assign-network'
import type { CheckpointReport } from './assign-weights'
import { type FoundNetwork, findNetwork } from './find-network'
import { findWeights, missingFile } from './find-weights'
import { naming } from './name-error'
import { picturePreparation } from './picture-preparation'
import { type JsonObject, readJsonIfThere } from './read-json'
import { visionConfigFromHuggingFace } from './vision-config-from-hugging-face'

/** What a vision transformer's checkpoint consists of. */
export const VISION_CHECKPOINT_FILES: readonly CheckpointFile[] = [
  { oneOf: ['config.json'] },
  'preprocessor_config.json',
  'processor_config.json',
  { oneOf: WEIGHT_FILES },
]

/** How a vision transformer is loaded. */
export interface LoadVisionTransformerOptions {
  /** Whether it is trained further. @default false */
  trainable?: boolean | undefined
}

/** A pretrained ViT or CLIP vision model, and how its pictures are prepared. */
export interface LoadedVisionTransformer {
  encoder: ImageEncoder<CompleteVisionConfig>
  preparation: PicturePreparation
  report: CheckpointReport
}

/**
 * Loads a ViT, a CLIP or the vision model of one in Hugging Face's layout: `config.json`, `preprocessor_config.json`, and
 * `model.safetensors` or `pytorch_model.bin`.
 *
 * @throws InvalidArgumentError for a missing or broken file, another model, pictures prepared in another size than the
 * model's, and tensors that are missing or misshaped: all of them are named.
 */
export async function loadVisionTransformer(
  folder: string,
  { trainable = false }: LoadVisionTransformerOptions = {},
): Promise<LoadedVisionTransformer> {
  const configFile = join(folder, 'config.json')
  const json = await readJsonIfThere(configFile)
  if (!json) throw missingFile(folder, 'config.json')
  const stated = naming(configFile, () => visionConfigFromHuggingFace(json, configFile))
  const config = { ...stated, trainable }
  const preparation = await readPreparation(folder)
  if (preparation.size !== config.imageSize) {
    throw new InvalidArgumentError({
      argument: folder,
      rule: `must prepare pictures in its model's size, ${config.imageSize} x ${config.imageSize}`,
      received: `${preparation.size} x ${preparation.size}`,
      fix: 'Take the preprocessor_config.json that belongs to the model: positions of another size are not made up.',
    })
  }
  const file = await findWeights(folder)
  const read = await readWeights(file)
  const found = ownWeights(read.weights, config, file)
  const encoder = naming(file, () =>
    withNumbersOf(numbersIn(read.weights), () => createVisionTransformer(config, { initialise: false })),
  )
  try {
    const extra = assignNetwork(encoder.parameters(), found, HEADS[config.kind], file)
    return { encoder, preparation, report: { file, extra, notes: [...read.notes, ...found.notes] } }
  } catch (error) {
    encoder.dispose()
    throw error
  }
}

/** From the file of the image processor, or from the part of it in a file of several processors. */
async function readPreparation(folder: string): Promise<PicturePreparation> {
  const own = join(folder, 'preprocessor_config.json')
  const json = await readJsonIfThere(own)
  if (json) return picturePreparation(json, own)
  const several = join(folder, 'processor_config.json')
  const part = (await readJsonIfThere(several))?.['image_processor']
  if (part) return picturePreparation(part as JsonObject, several)
  throw missingFile(folder, 'preprocessor_config.json')
}

/** The text model of a CLIP, and what leads from both of its models to their common space. */
const OF_CLIP = /^(text_model\.|text_projection\.|visual_projection\.|logit_scale$)/

/** What stands on a ViT, and what its pretraining puts in place of hidden patches; of a CLIP both models' common space. */
const HEADS: Record<CompleteVisionConfig['kind'], RegExp> = {
  vit: /^(classifier|pooler|head|decoder|embeddings\.mask_token)(\.|$)/,
  clip: /^(classifier|head|visual_projection|logit_scale|logit_bias)(\.|$)/,
}

/** The tensors under the encoder's names: without the prefix that models with more parts put before them. */
function ownWeights(all: Weights, { kind }: CompleteVisionConfig, file: string): FoundNetwork {
  const entries = Object.entries(all)
  const kept = kind === 'clip' ? entries.filter(([name]) => !OF_CLIP.test(name)) : entries
  const anchor = kind === 'vit' ? 'embeddings.cls_token' : 'embeddings.class_embedding'
  const usual = kind === 'vit' ? ['vit.'] : ['vision_model.']
  const counters = /(^|\.)embeddings\.position_ids$/
  const found = findNetwork(Object.fromEntries(kept), { anchor, usual, counters }, file)
  if (kept.length === entries.length) return found
  const note = 'Of the CLIP, only the vision model before its projection is used.'
  return { ...found, notes: [note, ...found.notes] }
}
