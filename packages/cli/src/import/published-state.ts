import { loadWeights, type Weight } from '@mafjs/encoders'
import { fromPublishedName, isUnusedInPublished } from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor/errors'

/** The tensors of a published state dict, by our names. */
export interface PublishedState {
  tensors: Map<string, { published: string; weight: Weight }>
  /** Published names of tensors that the published model holds and never uses. */
  unused: string[]
  /** Layers of its cross attention. */
  crossLayers: number
  /** Channels of the picture regions it was trained on. */
  imageSize: number | undefined
  /** Size of the token states. */
  hidden: number | undefined
  /** The fixed length it was trained with: its matching classifier reads all positions side by side. */
  tokens: number | undefined
}

/** Not a weight but the numbers 0, 1, 2 ..., which some versions of BERT saved. */
const POSITION_IDS = 'bert.embeddings.position_ids'

/** Old checkpoints call a layer norm's weight and bias gamma and beta. */
const modernName = (name: string): string =>
  name.replace(/LayerNorm\.gamma$/, 'LayerNorm.weight').replace(/LayerNorm\.beta$/, 'LayerNorm.bias')

/**
 * Reads a published state dict and concludes from its shapes what the published code keeps in its command line.
 *
 * @throws InvalidArgumentError naming every tensor that is not of the published model.
 */
export async function readPublishedState(file: string): Promise<PublishedState> {
  const weights = await loadWeights(file)
  const tensors: PublishedState['tensors'] = new Map()
  const unused: string[] = []
  const unknown: string[] = []
  for (const [published, weight] of Object.entries(weights)) {
    const ours = fromPublishedName(modernName(published))
    if (isUnusedInPublished(published) || published === POSITION_IDS) unused.push(published)
    else if (ours === undefined) unknown.push(published)
    else tensors.set(ours, { published, weight })
  }
  if (unknown.length > 0 || tensors.size === 0) {
    throw new InvalidArgumentError({
      argument: file,
      rule: 'must be a state dict of the published MAF code',
      received: unknown.length > 0 ? `unknown tensors: ${unknown.join(', ')}` : 'no tensor of it',
      fix: 'Give the checkpoint of the whole model, not of an encoder.',
    })
  }
  const shapeOf = (name: string): number[] | undefined => tensors.get(name)?.weight.shape
  const crossLayers = new Set(
    [...tensors.keys()].map(name => /^interaction\.layer\.(\d+)\./.exec(name)?.[1]).filter(Boolean),
  )
  const [hidden, imageSize] = shapeOf('interaction.projection.weight') ?? []
  const flattened = shapeOf('matching.classifier.weight')?.[1]
  return {
    tensors,
    unused,
    crossLayers: Math.max(1, crossLayers.size),
    imageSize,
    hidden,
    tokens: flattened !== undefined && hidden !== undefined ? flattened / (2 * hidden) : undefined,
  }
}
