import type { LoadedCheckpoint, MafInputs } from '@mafjs/ner-maf'
import { normal, randomWords } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import type { TensorSource } from '../files/write-tensor-file'

/** A batch to be computed by both sides. */
export interface Case {
  name: string
  /** `[batch, tokens]` of text; the published preset has one length for all. */
  batch: number
  tokens: number
  /** Which posts have a picture; left out for a text-only model. */
  present: number[]
}

/** Batches of different sizes and lengths, with all, some and no pictures. */
export const CASES: readonly Case[] = [
  { name: 'one post', batch: 1, tokens: 5, present: [1] },
  { name: 'one post, no picture', batch: 1, tokens: 9, present: [0] },
  { name: 'five posts, three pictures', batch: 5, tokens: 12, present: [0, 1, 1, 0, 1] },
  { name: 'three posts, no picture', batch: 3, tokens: 24, present: [0, 0, 0] },
]

/** The tensors of a case: those of a batch, as data and as they are written. */
export function drawCase(
  { name, batch, tokens: wanted, present }: Case,
  { config }: Pick<LoadedCheckpoint, 'config'>,
): Record<string, TensorSource> {
  const { padTo, steps, textEncoder } = config.model
  const tokens = padTo === 'longest' ? wanted : padTo
  const ids = Int32Array.from(
    randomWords(batch * tokens, { seed: 1, site: name }),
    word => word % textEncoder.vocabSize,
  )
  // Every post is one token shorter than the one before it.
  const mask = Float32Array.from({ length: batch * tokens }, (_, i) =>
    Number(i % tokens < tokens - Math.floor(i / tokens)),
  )
  const tensors: Record<string, TensorSource> = {
    ids: { shape: [batch, tokens], dtype: 'I32', values: () => ids },
    mask: { shape: [batch, tokens], values: () => mask },
  }
  if (steps === 'words') {
    const words = Math.max(1, tokens - batch - 1)
    const rows = batch * words * tokens
    // Word i begins at piece i + 1: behind [CLS], one piece each.
    const firstPieces = Float32Array.from({ length: rows }, (_, i) =>
      Number(i % tokens === (Math.floor(i / tokens) % words) + 1),
    )
    tensors['firstPieces'] = { shape: [batch, words, tokens], values: () => firstPieces }
  }
  const side = config.preprocessing.pictureSize
  if (side !== undefined) {
    tensors['pixels'] = {
      shape: [batch, side, side, 3],
      values: () => normal(batch * side * side * 3, { seed: 1, site: name }),
    }
    tensors['present'] = { shape: [batch], values: () => Float32Array.from(present) }
  }
  return tensors
}

/** What the model itself makes of a case, kernel by kernel on the active tfjs backend. */
export function computeCase(
  { model }: LoadedCheckpoint,
  tensors: Record<string, TensorSource>,
): Record<string, TensorSource> {
  const results: Record<string, TensorSource> = {}
  const keep = (name: string, tensor: tf.Tensor): void => {
    const values = tensor.dataSync<'float32'>().slice()
    results[`expected.${name}`] = { shape: tensor.shape, values: () => values }
  }
  tf.tidy(() => {
    const { emissions, matching } = model.apply(inputsOf(tensors))
    keep('emissions', emissions)
    if (matching) keep('match', matching.probability)
  })
  return results
}

function inputsOf(tensors: Record<string, TensorSource>): MafInputs {
  const { ids, mask, pixels, present, firstPieces } = tensors
  const tensor = <T extends tf.Tensor>({ values, shape, dtype }: TensorSource): T =>
    tf.tensor(values(), [...shape], dtype === 'I32' ? 'int32' : 'float32') as T
  const inputs: MafInputs = { text: { ids: tensor(ids!), mask: tensor(mask!) } }
  if (pixels && present) inputs.image = { pixels: tensor(pixels), present: tensor(present) }
  if (!firstPieces) return inputs
  const ofWords = tensor<tf.Tensor3D>(firstPieces)
  return { ...inputs, firstPieces: ofWords, wordMask: tf.sum(ofWords, 2) as tf.Tensor2D }
}
