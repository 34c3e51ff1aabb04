import { loadBertConfig, loadResNet, loadTokenizer, loadWeights, resolveCheckpoint } from '@mafjs/encoders'
import { InvalidArgumentError } from '@mafjs/tensor'
import { buildMaf } from '../model/build-maf'
import { PUBLISHED_LABELS, referenceConfig } from '../model/presets'
import { fromPublishedName, isUnusedInPublished } from '../model/published-names'
import { saveCheckpoint } from './save-checkpoint'
import { type Snapshot, takeSnapshot } from './snapshot'
import { assertWritableFolder } from './write-folder'

/** What a published checkpoint is imported from. */
export interface ImportPublishedOptions {
  /** The published state dict: torch zip, legacy pickle or safetensors. */
  stateDict: string
  /** Folder (or hub name) with `config.json` and the tokenizer of the BERT it was trained from. */
  textEncoder: string
  /** ResNet weights; the published code keeps them apart from its state dict. */
  imageEncoder: string
  /** The fixed length it was trained with. @default 128 */
  maxLength?: number
  /** Labels by id. @default the 13 published labels */
  labels?: readonly string[]
  out: string
  /** @default false */
  overwrite?: boolean
}

/**
 * Turns the state dict of the published code into a checkpoint folder of the `reference` preset.
 *
 * @returns the tensors left out, which the published model holds and never uses
 * @throws InvalidArgumentError naming every tensor that is missing, misshaped or unknown.
 */
export async function importPublished({
  stateDict,
  textEncoder,
  imageEncoder,
  maxLength = 128,
  labels = PUBLISHED_LABELS,
  out,
  overwrite = false,
}: ImportPublishedOptions): Promise<{ unused: string[] }> {
  await assertWritableFolder(out, { overwrite })
  const weights = await loadWeights(stateDict)
  const unused = Object.keys(weights).filter(isUnusedInPublished)
  const unknown = Object.keys(weights).filter(name => !isUnusedInPublished(name) && !fromPublishedName(name))
  if (unknown.length > 0) {
    throw new InvalidArgumentError({
      argument: stateDict,
      rule: 'must be a state dict of the published MAF code',
      received: `unknown tensors: ${unknown.slice(0, 10).join(', ')}${unknown.length > 10 ? ' ...' : ''}`,
      fix: 'Give the checkpoint of the whole model, not of an encoder.',
    })
  }
  const folder = await resolveCheckpoint(textEncoder)
  const bert = await loadBertConfig(folder)
  const { tokenizer } = await loadTokenizer(folder, { maxLength })
  const { encoder: resnet } = await loadResNet(imageEncoder)
  const channels = weights['vismap2text.weight']?.shape[1]
  const config = referenceConfig({
    labels,
    textEncoder: bert,
    imageEncoder: resnet.config,
    imageSize: channels,
    tokens: maxLength,
  })
  const model = buildMaf(config, { imageEncoder: resnet, initialise: false })
  try {
    const image = await takeSnapshot(resnet.parameters())
    const snapshot: Snapshot = Object.fromEntries(
      Object.entries(image).map(([name, value]) => [`image_encoder.${name}`, value]),
    )
    for (const [name, weight] of Object.entries(weights)) {
      const ours = fromPublishedName(name)
      if (ours) snapshot[ours] = { shape: weight.shape, values: weight.values() }
    }
    const wrong = Object.entries(model.parameters()).flatMap(([name, { shape }]) => {
      const found = snapshot[name]?.shape
      if (!found) return [`${name} is missing`]
      return found.join() === shape.join() ? [] : [`${name} has shape [${found}], not [${shape}]`]
    })
    if (wrong.length > 0) {
      throw new InvalidArgumentError({
        argument: stateDict,
        rule: 'must fit the text encoder and --max-length',
        received: wrong.join('; '),
        fix: 'Give the config.json of the BERT it was trained from and the length it was trained with.',
      })
    }
    const preprocessing = { splitter: 'tweet' as const, maxLength, pictureSize: 224 }
    await saveCheckpoint(
      out,
      { model: config, preprocessing, tokenizer: tokenizer.definition, snapshot },
      { overwrite },
    )
    return { unused }
  } finally {
    model.dispose()
  }
}
