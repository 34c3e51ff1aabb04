import { publishedExchanges } from '@mafjs/match'
import {
  fromPublishedName,
  isUnusedInPublished,
  type Maf,
  type MafConfig,
  referenceConfig,
} from '@mafjs/ner-maf'
import { assignParameters } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import type { Applied } from '../engine/computer'
import type { Expected, Hyper, Losses } from './expected'
import type { TrackedTensors } from './golden-files'

/** The batch of a golden folder as the model reads it. */
export interface Batch {
  text: { ids: tf.Tensor2D; mask: tf.Tensor2D }
  image: { states: tf.Tensor3D; summary: tf.Tensor2D; mask: tf.Tensor2D }
  labels: tf.Tensor2D
}

/** Reads the batch; a region is a place of the feature map. */
export function readBatch(inputs: TrackedTensors): Batch {
  const integers = (name: string): tf.Tensor2D =>
    tf.tensor2d(inputs.values(name), inputs.shape(name) as [number, number], 'int32')
  if (inputs.values('segment_ids').some(id => id !== 0)) {
    throw new Error('segment_ids must all be 0: MAF reads one sentence per post.')
  }
  const ids = integers('input_ids')
  const mask = tf.cast(integers('input_mask'), 'float32') as tf.Tensor2D
  const [batch, channels, height, width] = inputs.shape('img_att_u8') as [number, number, number, number]
  const regions = height * width
  // The feature map is stored as integers, 64 times too large, channels first.
  const map = tf.div(tf.tensor(inputs.values('img_att_u8'), [batch, channels, regions]), 64)
  const states = tf.transpose(map, [0, 2, 1]) as tf.Tensor3D
  // The published code masks regions by the FIRST columns of its joint mask.
  const joint = tf.cast(integers('added_input_mask'), 'float32')
  return {
    text: { ids, mask },
    image: {
      states,
      summary: tf.mean(states, 1) as tf.Tensor2D,
      mask: tf.slice(joint, [0, 0], [batch, regions]) as tf.Tensor2D,
    },
    labels: integers('label_ids'),
  }
}

/** The `reference` preset at the sizes of a folder, without dropout. */
export function configOf({ config, labels }: Expected, imageSize: number, hyper: Hyper): MafConfig {
  if (config.hidden_act !== 'gelu')
    throw new Error(`hidden_act must be gelu. Received: ${config.hidden_act}.`)
  if (config.dropout !== 0) throw new Error(`dropout must be 0. Received: ${config.dropout}.`)
  return referenceConfig({
    labels,
    imageSize,
    tokens: config.seq_len!,
    crossLayers: config.cross_layers,
    dropout: 0,
    ...{ temperature: hyper.temp, textToImageWeight: hyper.temp_lamb, lossWeight: hyper.lamb },
    textEncoder: {
      kind: 'bert',
      vocabSize: config.vocab_size!,
      hidden: config.hidden_size!,
      layers: config.num_hidden_layers!,
      heads: config.num_attention_heads!,
      intermediate: config.intermediate_size!,
      maxPositions: config.max_position_embeddings!,
      typeVocabSize: config.type_vocab_size!,
      layerNormEpsilon: config.layer_norm_eps!,
      ...{ hiddenDropout: 0, attentionDropout: 0, summary: 'pooler' },
    },
  })
}

/** Assigns the published weights and returns the published name of each of ours. */
export function loadWeights(model: Maf, weights: TrackedTensors): Map<string, string> {
  const publishedNames = new Map<string, string>()
  tf.tidy(() => {
    const values: Record<string, tf.Tensor> = {}
    for (const name of weights.names) {
      const ours = fromPublishedName(name)
      if (ours) {
        values[ours] = tf.tensor(weights.values(name), weights.shape(name))
        publishedNames.set(ours, name)
      } else if (isUnusedInPublished(name)) weights.leaveOut(name)
    }
    const { extra } = assignParameters(model.parameters(), values)
    if (extra.length > 0) throw new Error(`The model has no place for ${extra.join(', ')}.`)
  })
  return publishedNames
}

/** One training-mode forward pass with the published exchanges. */
export function trainingPass(
  model: Maf,
  batch: Batch,
  { negative_rate }: Hyper,
  options: Applied,
): ReturnType<Maf['apply']> {
  const exchanges = publishedExchanges(batch.labels.shape[0], negative_rate)
  return model.apply({ ...batch, exchanges }, { ...options, training: true })
}

/** Our losses under their published names. */
export function lossesOf({ losses, alignment }: ReturnType<Maf['apply']>): Record<keyof Losses, tf.Scalar> {
  return {
    total: losses!.total,
    main_crf_nll: losses!.tagging,
    matching_ce: losses!.matching,
    contrastive: losses!.alignment,
    text_to_image_sum: alignment!.textToImageSum!,
    image_to_text_sum: alignment!.imageToTextSum!,
  }
}
