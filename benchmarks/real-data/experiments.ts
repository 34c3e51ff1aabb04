import { fileURLToPath } from 'node:url'

/** One row of the results: a data set and an encoder, with a configuration for either side. */
export interface Experiment {
  name: string
  title: string
  /** Folder of the data set below the folder of all data. */
  data: string
  /** Whether the encoder is a small BERT from random weights, with MiniLM's tokenizer, instead of MiniLM. */
  random: boolean
  /** Options of `ner-maf train`. */
  ours: string
  /** Options of `pytorch/finetune.py`. */
  theirs: string
}

const config = (name: string): string => fileURLToPath(new URL(`configs/${name}`, import.meta.url))

const experiment = (year: string, random: boolean): Experiment => {
  const encoder = random ? 'random' : 'minilm'
  const name = `twitter${year}-${encoder}`
  return {
    name,
    title: `Twitter-${year}, ${random ? 'a small BERT from random weights' : 'MiniLM-L6 pretrained'}, text only`,
    data: `twitter${year}`,
    random,
    ours: config(`${encoder}.yaml`),
    theirs: config(`${encoder}.torch.json`),
  }
}

/** Every experiment with an opponent. */
export const EXPERIMENTS: readonly Experiment[] = [false, true].flatMap(random =>
  ['2015', '2017'].map(year => experiment(year, random)),
)
