import type { ResNetConfig, TextEncoderConfig } from '@mafjs/encoders'

/** What is trained, how much of it, and how large a batch is. */
export interface FeatureSize {
  textEncoder: TextEncoderConfig & { hidden: number; heads: number; intermediate: number }
  imageEncoder: ResNetConfig
  /** Side of the pictures, pixels. */
  side: number
  posts: number
  batch: number
}

/** The demo's model, and BERT-base with ResNet-152; all weights drawn. */
export const FEATURE_SIZES: Readonly<Record<'demo' | 'base', FeatureSize>> = {
  demo: {
    textEncoder: { kind: 'bert', vocabSize: 1000, hidden: 64, layers: 2, heads: 4, intermediate: 128 },
    imageEncoder: { kind: 'resnet', block: 'basic', layers: [1, 1, 1, 1], width: 8 },
    side: 56,
    posts: 480,
    batch: 16,
  },
  base: {
    textEncoder: { kind: 'bert', vocabSize: 28_996, hidden: 768, layers: 12, heads: 12, intermediate: 3072 },
    imageEncoder: { kind: 'resnet', depth: 152 },
    side: 224,
    posts: 64,
    batch: 16,
  },
}
