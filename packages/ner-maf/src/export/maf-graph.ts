import { type ExportProfile, exportGraph, type InputSignature, type OnnxGraph } from '@mafjs/compile'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { Tensor, Tensor2D, Tensor3D, Tensor4D } from '@tensorflow/tfjs-core'
import * as tf from '@tensorflow/tfjs-core'
import type { Maf, MafInputs } from '../model/maf'
import { type MafOutputsOptions, mafOutputs } from '../task/maf-outputs'

/** What an exported model reads. */
interface ExportInputs {
  /** `[batch, tokens]` int32 */
  ids: Tensor2D
  /** `[batch, tokens]` */
  mask: Tensor2D
  /** `[batch, tokens]` int32: of each piece the shape of its word; only where the text encoder reads shapes. */
  shapes?: Tensor2D
  /** `[batch, words, tokens]`: a 1 at each word's first piece; only where the CRF runs over words. */
  firstPieces?: Tensor3D
  /** `[pictures, height, width, 3]`: as many as there are, none for a batch of texts. */
  pixels?: Tensor4D
  /** `[batch, places, pictures]`: a 1 where this post has that picture in that place; `places` is that of the post with most. */
  choice?: Tensor3D
  /** `[batch, regions, channels]`: instead of pixels, what an image model made of each post's pictures, which runs by itself. */
  regions?: Tensor3D
  /** `[batch, channels]` */
  summary?: Tensor2D
  /** `[batch, regions]`: 0 where a post has fewer pictures than others, or none. */
  regionMask?: Tensor2D
}

/** Whether a model's image encoder is part of its export. */
const readsPictures = ({ config, parts }: Maf): boolean => !!parts.imageEncoder && !!config.interaction

/** Whether a model is given what an ONNX image model makes of pictures, which is a graph already. */
const readsRegions = ({ config }: Maf): boolean =>
  config.imageEncoder?.kind === 'onnx' && !!config.interaction

/** How a model is exported. */
export interface ExportMafOptions extends MafOutputsOptions {
  /** Side of the square pictures in pixels; a text-only model has none. */
  pictureSize?: number | undefined
  /** What it is exported for. @default none, which fuses no attention */
  profile?: ExportProfile | undefined
}

/**
 * Records a whole model, pixels and tokens to emissions, the probability of a match, and maps where they are asked for, as one graph.
 *
 * Pictures have a dimension of their own, and posts choose among them: a batch of texts runs the same graph with no
 * picture at all, where everything about pictures works on nothing and gives zeros, and only pictures that are there
 * are encoded. So there is one graph, with no branch in it and every weight once. Where an ONNX image model encodes the pictures
 * the graph begins behind it, with its regions.
 *
 * @throws InvalidArgumentError for a model with an image encoder without a picture size, or an unknown profile.
 * @throws CompileError for a part that cannot be recorded.
 */
export async function exportMaf(
  model: Maf,
  { pictureSize, profile, maps }: ExportMafOptions = {},
): Promise<OnnxGraph> {
  const { padTo, steps, interaction, textEncoder } = model.config
  const tokens = padTo === 'longest' ? 'tokens' : padTo
  const withPictures = readsPictures(model)
  const withRegions = readsRegions(model)
  if (withPictures && pictureSize === undefined) {
    throw new InvalidArgumentError({
      argument: 'pictureSize',
      rule: 'must be given for a model with an image encoder',
      received: 'nothing',
      fix: 'Give the side of the pictures it was trained on, in pixels.',
    })
  }
  const signature: Record<keyof ExportInputs, InputSignature | undefined> = {
    ids: { shape: ['batch', tokens], dtype: 'int32' },
    mask: { shape: ['batch', tokens] },
    shapes: textEncoder.wordShapes ? { shape: ['batch', tokens], dtype: 'int32' } : undefined,
    firstPieces: steps === 'words' ? { shape: ['batch', 'words', tokens] } : undefined,
    pixels: withPictures ? { shape: ['pictures', pictureSize!, pictureSize!, 3] } : undefined,
    choice: withPictures ? { shape: ['batch', 'places', 'pictures'] } : undefined,
    regions: withRegions ? { shape: ['batch', 'regions', interaction!.imageSize] } : undefined,
    summary: withRegions ? { shape: ['batch', interaction!.imageSize] } : undefined,
    regionMask: withRegions ? { shape: ['batch', 'regions'] } : undefined,
  }
  const given = Object.fromEntries(Object.entries(signature).filter(([, input]) => input !== undefined))
  return exportGraph((inputs: ExportInputs) => outputsOf(model, inputs, maps), given, {
    parameters: model.parameters(),
    profile,
    largest: { tokens: model.parts.textEncoder.config.maxPositions },
  })
}

function outputsOf(
  model: Maf,
  { ids, mask, shapes, firstPieces, pixels, choice, regions, summary, regionMask }: ExportInputs,
  maps: MafOutputsOptions['maps'],
): Record<string, Tensor> {
  const inputs: MafInputs = { text: { ids, mask, shapes } }
  if (pixels && choice) inputs.image = { pixels, choice }
  if (regions && summary && regionMask) inputs.image = { states: regions, summary, mask: regionMask }
  // The mask of the words is only handed on; decoding has it anyway.
  if (firstPieces) {
    inputs.firstPieces = firstPieces
    inputs.wordMask = tf.sum(firstPieces, 2) as Tensor2D
  }
  return mafOutputs(model, inputs, { maps })
}
