import { join } from 'node:path'
import { featuresRun } from '@mafjs/cli'
import { corpusFolders } from './corpus'
import type { Options } from './options'

/** Where the features of pictures are kept. */
export const featureCache = (work: string): string => join(work, 'features')

/** Encodes every picture of the corpus once. */
export async function makeFeatures({ work, imageEncoder, threads }: Options): Promise<void> {
  const { counts, brokenPictures } = await featuresRun({
    ...{ ...corpusFolders(work), imageEncoder, threads, engine: 'onnx' },
    ...{ featureCache: featureCache(work), featureType: 'float16', onBrokenPicture: 'stop' },
    onNote: note => console.error(note),
  })
  console.log(JSON.stringify({ counts, broken: brokenPictures.length }))
}
