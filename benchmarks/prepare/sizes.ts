import type { ResNetConfig, TextEncoderConfig } from '@mafjs/encoders'
import type { CnnName } from '../ours/cnn'

/** The sizes of a race. */
export interface Sizes
  extends Record<
    'tokens' | 'side' | 'batch' | 'exchanges' | 'ownTokens' | 'manyPosts' | 'realBatches' | 'epochBatches',
    number
  > {
  textEncoder: TextEncoderConfig & { hidden: number; heads: number; intermediate: number }
  imageEncoder: ResNetConfig
  contrastive: { pairs: number; hidden: number }
  crf: { sentences: number; positions: number }
  /** Convolutional networks that are trained whole, by name; `ours/cnn.ts` and `pytorch/cnn.py` have them. */
  cnn: readonly CnnName[]
}

/** BERT-base (cased), ResNet-152, and a model of the same make that any machine computes at once. */
export const SIZES: Readonly<Record<'full' | 'tiny', Sizes>> = {
  full: {
    textEncoder: { kind: 'bert', vocabSize: 28_996, hidden: 768, layers: 12, heads: 12, intermediate: 3072 },
    imageEncoder: { kind: 'resnet', depth: 152 },
    // The fixed length of the published code, pixels of a picture's side, and word pieces of a post of usual length.
    ...{ tokens: 128, side: 224, ownTokens: 42 },
    // Posts of a training step, those of them that exchange (the published share is 16 of 64), posts of the large inference
    // batch, steps on real lengths before they repeat, and steps of an epoch that have pictures.
    ...{ batch: 8, exchanges: 2, manyPosts: 16, realBatches: 8, epochBatches: 64 },
    contrastive: { pairs: 64, hidden: 768 },
    crf: { sentences: 64, positions: 128 },
    cnn: ['small', 'resnet18', 'resnet50'],
  },
  tiny: {
    textEncoder: {
      ...{
        kind: 'bert',
        vocabSize: 28_996,
        hidden: 32,
        layers: 2,
        heads: 4,
        intermediate: 64,
        maxPositions: 64,
      },
    },
    imageEncoder: { kind: 'resnet', block: 'bottleneck', layers: [1, 2, 1, 1], width: 8 },
    ...{ tokens: 32, side: 64, ownTokens: 12 },
    ...{ batch: 4, exchanges: 2, manyPosts: 4, realBatches: 2, epochBatches: 24 },
    contrastive: { pairs: 8, hidden: 32 },
    crf: { sentences: 8, positions: 32 },
    cnn: ['tiny'],
  },
}
