import { parseArgs } from 'node:util'
import { InvalidArgumentError } from '@mafjs/tensor'

/** How the command is used. */
export const USAGE = `npm run example image-text-retrieval [-- options]
Without --data on captions and pictures that it draws itself.
  --data DIR             a folder of NAME.txt beside NAME.jpg, such as MVSA
  --text-encoder NAME    frozen; a folder in Hugging Face's layout or a name on the hub; needed with --data
  --image-encoder FILE   frozen; an .onnx file; needed with --data
  --regions-output NAME  its output with the regions of a picture (default features)
  --feature-cache DIR    where what it makes of pictures is kept (default ner-maf/features in ~/.cache; none: nowhere)
  --pairs N              pairs to draw (default 1200)
  --valid N              pairs to choose by (default 100; with --data 200)
  --test N               pairs to measure on (default 200; with --data 300)
  --epochs N             passes over the pairs to train on (default 60)
  --seeds N              trainings that mean and deviation are taken over (default 5)`

/** What the command line says. */
export interface ExampleOptions {
  /** Real pairs and what encodes them; none where pairs are drawn. */
  real?: {
    data: string
    textEncoder: string
    imageEncoder: string
    regionsOutput: string
    featureCache?: string
  }
  pairs: number
  valid: number
  test: number
  epochs: number
  seeds: number
}

/**
 * The options of a command line.
 *
 * @throws InvalidArgumentError for a number that is none, or `--data` without encoders.
 */
export function readOptions(arguments_: readonly string[]): ExampleOptions {
  const string = { type: 'string' } as const
  const { values } = parseArgs({
    args: [...arguments_],
    options: {
      ...{ data: string, 'text-encoder': string, 'image-encoder': string, 'feature-cache': string },
      'regions-output': { type: 'string', default: 'features' },
      ...{ pairs: string, valid: string, test: string, epochs: string, seeds: string },
    },
  })
  const count = (name: 'pairs' | 'valid' | 'test' | 'epochs' | 'seeds', otherwise: number): number => {
    const number = Number(values[name] ?? otherwise)
    if (Number.isInteger(number) && number > 0) return number
    throw new InvalidArgumentError({
      argument: `--${name}`,
      rule: 'must be a positive whole number',
      received: values[name],
    })
  }
  const { data, 'feature-cache': featureCache, 'regions-output': regionsOutput } = values
  const needed = (name: 'text-encoder' | 'image-encoder'): string => {
    const value = values[name]
    if (value !== undefined) return value
    throw new InvalidArgumentError({
      argument: `--${name}`,
      rule: 'must be given with --data',
      received: 'nothing',
      fix: 'README.md says where to get one.',
    })
  }
  const isReal = data !== undefined
  return {
    ...(isReal && {
      real: {
        data,
        textEncoder: needed('text-encoder'),
        imageEncoder: needed('image-encoder'),
        regionsOutput,
        ...(featureCache !== undefined && { featureCache }),
      },
    }),
    pairs: count('pairs', 1200),
    valid: count('valid', isReal ? 200 : 100),
    test: count('test', isReal ? 300 : 200),
    epochs: count('epochs', 60),
    seeds: count('seeds', 5),
  }
}
