import { type EngineOptions, useEngine } from '@mafjs/compile/engine'
import {
  type AnyImageEncoder,
  assertTokenizerFits,
  type LoadedImageEncoder,
  loadImageEncoder,
  loadTextEncoderConfig,
  loadTokenizer,
  resolveCheckpoint,
} from '@mafjs/encoders'
import { buildMaf, CHECKPOINT_FOLDER, checkpointFormat, type Maf, referenceConfig } from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { assertWritableFolder, withLock } from '@mafjs/tensor/files'
import { type Snapshot, takeSnapshot, writeModel } from '@mafjs/train'
import { type PublishedState, readPublishedState } from './published-state'

/** What a published checkpoint is imported from; the engine holds the numbers, nothing is computed. */
export interface ImportPublishedOptions extends Pick<EngineOptions, 'engine' | 'backend'> {
  /** The published state dict: torch zip, legacy pickle or safetensors. */
  stateDict: string
  /** Folder (or hub name) with `config.json` and the tokenizer of the BERT it was trained from. */
  textEncoder: string
  /** ResNet weights; the published code keeps them apart from its state dict. */
  imageEncoder: string
  /** The fixed length it was trained with. @default 128 */
  maxLength?: number | undefined
  /** Labels by id. @default the 13 published labels */
  labels?: readonly string[] | undefined
  out: string
  /** @default false */
  overwrite?: boolean | undefined
}

/** Side of the pictures the published code reads, pixels. */
const PICTURE_SIZE = 224

/** Every tensor of the model that the state dict lacks, has in another shape, or has beyond it. */
function misfits(model: Maf, { tensors }: PublishedState): string[] {
  const parameters = Object.entries(model.parameters()).filter(([name]) => !name.startsWith('image_encoder.'))
  const known = new Set(parameters.map(([name]) => name))
  const wrong = parameters.flatMap(([name, { shape }]) => {
    const found = tensors.get(name)
    if (!found) return [`${name} is missing`]
    const received = found.weight.shape
    return received.join() === shape.join()
      ? []
      : [`${found.published} has shape [${received.join(', ')}], not [${shape.join(', ')}]`]
  })
  const beyond = [...tensors].filter(([name]) => !known.has(name))
  return [...wrong, ...beyond.map(([, { published }]) => `${published} has no place in the model`)]
}

function assertResNet(
  file: string,
  { encoder, config, channels }: LoadedImageEncoder,
  imageSize: number | undefined,
): AnyImageEncoder {
  if (encoder && config.kind === 'resnet' && channels === (imageSize ?? channels)) return encoder
  throw new InvalidArgumentError({
    argument: file,
    rule: `must be a ResNet whose regions have ${imageSize ?? 2048} channels, as the state dict was trained with`,
    received: `${config.kind}, ${channels} channels`,
    fix: 'The published code uses ResNet-152.',
  })
}

/**
 * Turns the state dict of the published code into a checkpoint folder of the `reference` preset.
 *
 * @returns the tensors left out, which the published model holds and never uses
 * @throws InvalidArgumentError naming every tensor that is missing, misshaped or unknown.
 */
export function importPublished(options: ImportPublishedOptions): Promise<{ unused: string[] }> {
  return withLock(options.out, { command: 'ner-maf import' }, () => importInto(options))
}

async function importInto({
  stateDict,
  textEncoder,
  imageEncoder,
  maxLength = 128,
  labels,
  out,
  overwrite = false,
  engine,
  backend,
}: ImportPublishedOptions): Promise<{ unused: string[] }> {
  await assertWritableFolder(out, { kind: CHECKPOINT_FOLDER, overwrite })
  await useEngine({ engine, backend })
  const state = await readPublishedState(stateDict)
  const folder = await resolveCheckpoint(textEncoder)
  const bert = await loadTextEncoderConfig(folder)
  const { tokenizer } = await loadTokenizer(folder, { maxLength })
  const image = await loadImageEncoder(imageEncoder)
  let model: Maf | undefined
  try {
    const resnet = assertResNet(imageEncoder, image, state.imageSize)
    const config = referenceConfig({
      labels,
      textEncoder: bert,
      imageEncoder: resnet.config,
      imageSize: state.imageSize,
      tokens: maxLength,
      crossLayers: state.crossLayers,
    })
    model = buildMaf(config, { imageEncoder: resnet, initialise: false })
    const wrong = misfits(model, state)
    if (wrong.length > 0) {
      const length = state.tokens === undefined ? '' : ` It was trained with a maxLength of ${state.tokens}.`
      throw new InvalidArgumentError({
        argument: stateDict,
        rule: 'must fit the text encoder, the labels and maxLength',
        received: wrong.join('; '),
        fix: `Give the config.json of the BERT it was trained from, and its labels.${length}`,
      })
    }
    assertTokenizerFits(tokenizer, bert, folder)
    const pictures = Object.entries(await takeSnapshot(resnet.parameters()))
    const snapshot: Snapshot = {
      ...Object.fromEntries(pictures.map(([name, value]) => [`image_encoder.${name}`, value])),
      ...Object.fromEntries(
        [...state.tensors].map(([name, { weight }]) => [
          name,
          { shape: weight.shape, values: weight.values() },
        ]),
      ),
    }
    const preprocessing = { splitter: 'tweet' as const, maxLength, pictureSize: PICTURE_SIZE }
    const format = checkpointFormat({ model: config, preprocessing, tokenizer: tokenizer.definition })
    await writeModel(out, { format, snapshot, metrics: {} }, { overwrite })
    return { unused: state.unused }
  } finally {
    if (model) model.dispose()
    else image.encoder?.dispose()
  }
}
