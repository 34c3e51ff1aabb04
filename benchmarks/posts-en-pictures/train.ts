import { basename } from 'node:path'
import { percent } from '@mafjs/evaluate'
import type { TrainRunOptions } from '@mafjs/ner-maf'
import { type RunEpoch, trainUntil } from '../training/train-until'
import { writeResult } from '../write-result'
import { corpusFolders } from './corpus'
import { featureCache } from './features'
import { modelFolder, type Options } from './options'
import { TEST } from './verdict'

/** Of both models: rates as they were found for all-MiniLM-L6-v2 on Twitter-2017, and as many epochs as there was time for. */
export const SETTINGS = {
  epochs: 2,
  batchSize: 32,
  learningRate: 4e-4,
  layerDecay: 0.85,
  groups: [
    { parameters: 'crf', learningRate: 0.005 },
    { parameters: 'heads', learningRate: 0.001 },
  ],
} as const satisfies Partial<TrainRunOptions>

/** Trains one model to the end; what is done already is not done again. */
async function trainOne(
  out: string,
  { encoder, work, threads }: Options,
  own: Pick<TrainRunOptions, 'seed' | 'images' | 'imageEncoder'>,
  signal: AbortSignal,
): Promise<RunEpoch[]> {
  const epochs = await trainUntil({
    ...{ ...SETTINGS, ...own, data: corpusFolders(work).data, textEncoder: encoder, out, threads },
    ...(own.images !== undefined && { featureCache: featureCache(work), featureType: 'float16' }),
    ...{ engine: 'onnx', checkpointEvery: 100, signal },
  })
  const shown = epochs.map(({ strict, seconds }) => `${percent(strict)} in ${Math.round(seconds)} s`)
  console.log(`${basename(out)}: validation F1 (strict) by epoch: ${shown.join(', ')}`)
  return epochs
}

/** Trains the model of text alone and the variant with every seed to the end. */
export async function trainAll(options: Options, signal: AbortSignal): Promise<void> {
  const { work, results, imageEncoder } = options
  const { images } = corpusFolders(work)
  const runs: Record<string, RunEpoch[]> = {}
  for (const seed of TEST.seeds)
    for (const [name, seen] of Object.entries({ text: {}, pictures: { images, imageEncoder } })) {
      const out = modelFolder(work, name as 'text' | 'pictures', seed)
      runs[basename(out)] = await trainOne(out, options, { seed, ...seen }, signal)
      await writeResult(results, 'posts-en-pictures-training', { settings: SETTINGS, runs })
    }
}
