import type { Feed, HostArray, Session } from '@mafjs/compile'
import type { Program } from '@mafjs/compile/engine'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { BatchArrays } from '../model/batch-arrays'
import type { MafInputs } from '../model/maf'
import { refuseSeveral } from '../model/single-picture'

/** What an exported model reads of pictures. */
export interface GraphPictures {
  /** Side of the square pictures, pixels. */
  size: number
  /** Whether it has a place for one picture of each post, as exports once had. */
  single: boolean
}

/** What a graph reads of pictures, from its inputs; nothing where it reads texts alone. */
export function graphPictures(
  inputs: readonly { name: string; shape: readonly unknown[] }[],
  size: number | undefined,
): GraphPictures | undefined {
  const choice = inputs.find(({ name }) => name === 'choice')
  return choice && { size: size!, single: choice.shape.length === 2 }
}

/** A batch as an exported model reads it: a batch of texts has no picture at all. */
export function graphFeeds(
  { text, firstPieces, image }: BatchArrays,
  pictures: GraphPictures | undefined,
): Record<string, Feed> {
  const feeds: Record<string, Feed> = { ids: text.ids, mask: text.mask, ...(firstPieces && { firstPieces }) }
  if (!pictures) return feeds
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

/** `[batch, pictures]` of `[batch, 1, pictures]`. */
function singleChoice({ data, shape: [batch, places, pictures] }: HostArray<Float32Array>): Feed {
  if (places === 1) return { data, shape: [batch!, pictures!] }
  return refuseSeveral(`a batch with up to ${places} of a post`)
}

/** An exported model that ONNX Runtime holds ready, as what computes a model's outputs. */
export const graphProgram = (
  session: Pick<Session, 'run' | 'dispose'>,
  pictures: GraphPictures | undefined,
): Program<MafInputs> => ({
  run: batch => session.run(graphFeeds(batch as BatchArrays, pictures)) as Promise<Record<string, HostArray>>,
  dispose: session.dispose,
})
