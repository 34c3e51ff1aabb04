import { parseArgs } from 'node:util'
import { InvalidArgumentError } from '@mafjs/tensor'

/** How the command is used. */
export const USAGE = `npm run example multimodal-sentiment [-- options]
Without --data on posts and pictures that it draws itself.
  --data DIR             a folder of label.csv with ID.txt and ID.jpg, such as MVSA
  --text-encoder NAME    frozen; a folder in Hugging Face's layout or a name on the hub; needed with --data
  --image-encoder FILE   frozen; an .onnx file; needed with --data
  --regions-output NAME  its output with the regions of a picture (default features)
  --feature-cache DIR    where what it makes of pictures is kept (default ner-maf/features in ~/.cache; none: nowhere)
  --posts N              posts to draw (default 1500)
  --epochs N             passes over the posts to train on (default 60; with --data 10)
  --seeds N              trainings that mean and deviation are taken over (default 5)`

/** What the command line says. */
export interface ExampleOptions {
  /** Real posts and what encodes them; none where posts are drawn. */
  real?: {
    data: string
    textEncoder: string
    imageEncoder: string
    regionsOutput: string
    featureCache?: string
  }
  posts: number
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
      ...{ posts: string, epochs: string, seeds: string },
    },
  })
  const count = (name: 'posts' | 'epochs' | 'seeds', otherwise: number): number => {
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
    posts: count('posts', 1500),
    epochs: count('epochs', isReal ? 10 : 60),
    seeds: count('seeds', 5),
  }
}
