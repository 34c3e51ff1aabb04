import { parseArgs } from 'node:util'
import { InvalidArgumentError } from '@mafjs/tensor'
import type { DuplicateLimits } from './near-duplicates'
import type { Goal } from './threshold'

/** How the command is used. */
export const USAGE = `npm run example clean-pairs [-- options]
Without --data on captions and pictures that it draws itself, some of them exchanged.
  --data PATH            a JSONL of {"id", "text", "image"}, or a folder of NAME.txt beside NAME.jpg, such as MVSA
  --out DIR              a new folder for kept.jsonl and dropped.jsonl; needed with --data, but for --plant
  --keep SHARE           keep at least this share of the matching pairs (default 0.95)
  --precision SHARE      or: drop as little as makes this share of the kept pairs matching
  --plant SHARE          measure: exchange the pictures of this share of the pairs (default 0.2 of drawn pairs)
  --text-encoder NAME    frozen; a folder in Hugging Face's layout, a name on the hub, or words; needed with --data
  --image-encoder FILE   frozen; an .onnx file, or pixels; needed with --data
  --regions-output NAME  its output with the regions of a picture (default features)
  --feature-cache DIR    where what it makes of pictures is kept (default ner-maf/features in ~/.cache; none: nowhere)
  --text-similarity SHARE  texts are near-duplicates from this share of common word pairs on (default 0.4; 1: the same)
  --picture-distance N   pictures are near-duplicates up to so many of 64 bits of their hashes (default 6)
  --pairs N              pairs to draw (default 1200)
  --epochs N             passes over the pairs to train on (default 40)
  --seeds N              runs that mean and deviation are taken over where mismatches are planted (default 5)`

/** What the command line says. */
export interface ExampleOptions {
  /** Real pairs and what encodes them; none where pairs are drawn. */
  real?: {
    data: string
    textEncoder: string
    imageEncoder: string
    regionsOutput: string
    featureCache?: string
    duplicates: DuplicateLimits
  }
  /** Share of mismatches to plant; none where pairs are cleaned as they are. */
  plant?: number
  /** The folder to write. */
  out?: string
  goal: Goal
  pairs: number
  epochs: number
  seeds: number
}

/**
 * The options of a command line.
 *
 * @throws InvalidArgumentError for a number that is none, or options that do not go together.
 */
export function readOptions(arguments_: readonly string[]): ExampleOptions {
  const string = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...arguments_],
    options: {
      ...{ data: string, out: string, keep: string, precision: string, plant: string },
      ...{ 'text-encoder': string, 'image-encoder': string, 'feature-cache': string },
      'regions-output': { type: 'string', default: 'features' },
      ...{ 'text-similarity': string, 'picture-distance': string },
      ...{ pairs: string, epochs: string, seeds: string },
    },
  })
  const { data, out, 'feature-cache': featureCache, 'regions-output': regionsOutput } = values
  const refuse = (name: string, rule: string, received: unknown, fix?: string): never => {
    throw new InvalidArgumentError({ argument: `--${name}`, rule, received, ...(fix && { fix }) })
  }
  const count = (name: 'pairs' | 'epochs' | 'seeds', otherwise: number): number => {
    const number = Number(values[name] ?? otherwise)
    if (Number.isInteger(number) && number > 0) return number
    return refuse(name, 'must be a positive whole number', values[name])
  }
  const share = (name: 'keep' | 'precision' | 'plant', otherwise?: number): number => {
    const number = Number(values[name] ?? otherwise)
    if (number > 0 && number < 1) return number
    return refuse(name, 'must be between 0 and 1', values[name])
  }
  const needed = (name: 'text-encoder' | 'image-encoder' | 'out', fix?: string): string =>
    values[name] ?? refuse(name, 'must be given with --data', 'nothing', fix)

  const textSimilarity = Number(values['text-similarity'] ?? 0.4)
  if (!(textSimilarity > 0 && textSimilarity <= 1)) {
    refuse('text-similarity', 'must be above 0 and at most 1', values['text-similarity'])
  }
  const pictureDistance = Number(values['picture-distance'] ?? 6)
  if (!Number.isInteger(pictureDistance) || pictureDistance < 0 || pictureDistance > 64) {
    refuse('picture-distance', 'must be a whole number from 0 to 64', values['picture-distance'])
  }

  const isCleaning = data !== undefined && values.plant === undefined
  if (values.keep !== undefined && values.precision !== undefined) {
    refuse('precision', 'must be left out where --keep is given', values.precision)
  }
  if (isCleaning) needed('out', 'Or give --plant 0.2 to see how well mismatches would be found.')
  if (data !== undefined && !isCleaning && out !== undefined) {
    refuse('out', 'must be left out where --plant exchanges pictures of your own pairs', out)
  }
  if (isCleaning && values.seeds !== undefined) {
    refuse('seeds', 'must be left out where nothing is planted, and so nothing measured', values.seeds)
  }
  return {
    ...(data !== undefined && {
      real: {
        data,
        textEncoder: needed('text-encoder', 'README.md says where to get one.'),
        imageEncoder: needed('image-encoder', 'README.md says where to get one.'),
        regionsOutput,
        duplicates: { textSimilarity, pictureDistance },
        ...(featureCache !== undefined && { featureCache }),
      },
    }),
    ...(!isCleaning && { plant: share('plant', 0.2) }),
    ...(out !== undefined && { out }),
    goal: values.precision === undefined ? { keep: share('keep', 0.95) } : { precision: share('precision') },
    pairs: count('pairs', 1200),
    epochs: count('epochs', 40),
    seeds: count('seeds', 5),
  }
}
