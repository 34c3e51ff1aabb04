import type { Feed, HostArray, Session } from '@mafjs/compile'
import type { Program } from '@mafjs/compile/engine'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { BatchArrays } from '../model/batch-arrays'
import type { MafInputs } from '../model/maf'
import { refuseSeveral } from '../model/single-picture'
import { MAPS } from '../task/maf-outputs'

/** What an exported model reads of pictures. */
export interface GraphPictures {
  /** Side of the square pictures, pixels. */
  size: number
  /** Whether it has a place for one picture of each post, as exports once had. */
  single: boolean
  /** Size of a region, where it reads what an image model of its own made of pictures. @default it reads pictures themselves */
  channels?: number | undefined
}

/** What a graph reads of pictures, from its inputs; nothing where it reads texts alone. */
export function graphPictures(
  inputs: readonly { name: string; shape: readonly unknown[] }[],
  size: number | undefined,
): GraphPictures | undefined {
  const shapeOf = (wanted: string) => inputs.find(({ name }) => name === wanted)?.shape
  const [choice, regions] = [shapeOf('choice'), shapeOf('regions')]
  if (regions) return { size: size!, single: false, channels: Number(regions[2]) }
  return choice && { size: size!, single: choice.length === 2 }
}

/** A batch as an exported model reads it: a batch of texts has no picture at all. */
export function graphFeeds(
  { text, firstPieces, image }: BatchArrays,
  pictures: GraphPictures | undefined,
): Record<string, Feed> {
  const feeds: Record<string, Feed> = { ...text, ...(firstPieces && { firstPieces }) }
  if (!pictures) return feeds
  if (pictures.channels !== undefined)
    return { ...feeds, ...regionFeeds(image, text.ids.shape[0]!, pictures.channels) }
  if (image && !('pixels' in image)) {
    throw new InvalidArgumentError({
      argument: 'image',
      rule: 'must be pixels: an exported model encodes pictures itself',
      received: 'encodings',
      fix: 'Give the pictures, or run the model itself.',
    })
  }
  const { size, single } = pictures
  const none = new Float32Array(0)
  const { pixels, choice } = image ?? {
    pixels: { data: none, shape: [0, size, size, 3] },
    choice: { data: none, shape: [text.ids.shape[0]!, 1, 0] },
  }
  return { ...feeds, pixels, choice: single ? singleChoice(choice) : choice }
}

/** What an image model made of a batch's pictures; of a batch of texts, one region of nothing. */
function regionFeeds(image: BatchArrays['image'], batch: number, channels: number): Record<string, Feed> {
  if (image && 'pixels' in image) {
    throw new InvalidArgumentError({
      argument: 'image',
      rule: 'must be encodings: the image model of this export runs by itself',
      received: 'pixels',
      fix: 'Encode the pictures first, as loadMaf does.',
    })
  }
  if (image) return { regions: image.states, summary: image.summary, regionMask: image.mask }
  const zeros = (...shape: number[]): Feed => ({
    data: new Float32Array(shape.reduce((size, axis) => size * axis, 1)),
    shape,
  })
  return { regions: zeros(batch, 1, channels), summary: zeros(batch, channels), regionMask: zeros(batch, 1) }
}

/** `[batch, pictures]` of `[batch, 1, pictures]`. */
function singleChoice({ data, shape: [batch, places, pictures] }: HostArray<Float32Array>): Feed {
  if (places === 1) return { data, shape: [batch!, pictures!] }
  return refuseSeveral(`a batch with up to ${places} of a post`)
}

/**
 * An exported model that ONNX Runtime holds ready, as what computes a model's outputs.
 *
 * @param outputs names of those that are handed out. @default all
 */
export const graphProgram = (
  session: Pick<Session, 'run' | 'dispose'>,
  pictures: GraphPictures | undefined,
  outputs?: readonly string[],
): Program<MafInputs> => ({
  run: batch =>
    session.run(graphFeeds(batch as BatchArrays, pictures), outputs) as Promise<Record<string, HostArray>>,
  dispose: session.dispose,
})

/** The names of an exported model's outputs but for its maps, which tagging does not read. */
export const outputsToTag = (outputs: readonly { name: string }[]): string[] =>
  outputs.map(({ name }) => name).filter(name => !(MAPS as readonly string[]).includes(name))
