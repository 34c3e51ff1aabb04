import { basename, join } from 'node:path'
import { percent } from '@mafjs/evaluate'
import type { TrainRunOptions } from '@mafjs/ner-maf'
import { type RunEpoch, trainUntil } from '../training/train-until'
import { corpusFolders } from './corpus'
import { featureCache } from './features'
import { modelFolder, type Options } from './options'
import { writeResult } from './record'
import { TEST } from './verdict'

type Interruptible = Options & { signal: AbortSignal }

/** Of both models; chosen beforehand, but for what {@link CANDIDATES} says. */
export const SETTINGS = {
  epochs: 3,
  batchSize: 32,
  learningRate: 4e-4,
  layerDecay: 0.85,
  groups: [
    { parameters: 'crf', learningRate: 0.005 },
    { parameters: 'heads', learningRate: 0.001 },
  ],
} as const satisfies Partial<TrainRunOptions>

/** Whether tagging is trained on pictures that matching exchanged too: by validation after an epoch. */
export const CANDIDATES = {
  own: { tagExchanged: false },
  exchanged: { tagExchanged: true },
} as const

type Candidate = keyof typeof CANDIDATES

const [FIRST_SEED] = TEST.seeds

/** Trains one model up to an epoch or to the end; what is done already is not done again. */
async function trainOne(
  out: string,
  { encoder, work, threads, signal }: Interruptible,
  own: Pick<TrainRunOptions, 'seed' | 'images' | 'imageEncoder' | 'wiring'>,
  until?: number,
): Promise<RunEpoch[]> {
  const epochs = await trainUntil({
    ...{ ...SETTINGS, ...own, data: corpusFolders(work).data, textEncoder: encoder, out, threads },
    ...(own.images !== undefined && { featureCache: featureCache(work), featureType: 'float16' }),
    ...{ engine: 'onnx', checkpointEvery: 100, signal, until },
  })
  const shown = epochs.map(({ strict, seconds }) => `${percent(strict)} in ${Math.round(seconds)} s`)
  console.log(`${basename(out)}: validation F1 (strict) by epoch: ${shown.join(', ')}`)
  return epochs
}

const withPictures = (
  { work, imageEncoder }: Options,
  candidate: Candidate,
): Pick<TrainRunOptions, 'images' | 'imageEncoder' | 'wiring'> => ({
  ...{ images: corpusFolders(work).images, imageEncoder, wiring: CANDIDATES[candidate] },
})

const candidateFolder = (work: string, candidate: Candidate): string => join(work, `candidate-${candidate}`)

/** Trains an epoch of each candidate; the higher strict F1 on validation decides, of equal ones the first. */
export async function chooseSettings(options: Interruptible): Promise<Candidate> {
  const names = Object.keys(CANDIDATES) as Candidate[]
  const validation: Partial<Record<Candidate, number>> = {}
  for (const name of names) {
    const own = { seed: FIRST_SEED, ...withPictures(options, name) }
    const [epoch] = await trainOne(candidateFolder(options.work, name), options, own, 1)
    validation[name] = epoch!.strict
  }
  const chosen = names.reduce((best, name) => (validation[name]! > validation[best]! ? name : best))
  await writeResult(options.results, 'choice', {
    settings: SETTINGS,
    candidates: CANDIDATES,
    validation,
    chosen,
  })
  return chosen
}

/** Trains the model of text alone and the variant with every seed to the end; the test split of nothing is read. */
export async function trainAll(options: Interruptible): Promise<void> {
  const { work, results } = options
  const chosen = await chooseSettings(options)
  const runs: Record<string, RunEpoch[]> = {}
  for (const seed of TEST.seeds)
    for (const name of ['text', 'pictures'] as const) {
      const own = { seed, ...(name === 'pictures' ? withPictures(options, chosen) : {}) }
      runs[`${name}-seed-${seed}`] = await trainOne(modelFolder(work, name, seed), options, own)
      await writeResult(results, 'training', { settings: SETTINGS, chosen, runs })
    }
}
