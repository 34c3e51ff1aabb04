import { join } from 'node:path'
import type { BrokenPicture } from '@mafjs/data'
import { InvalidArgumentError } from '@mafjs/tensor'
import {
  exists,
  hasFields,
  isCount,
  isText,
  listOf,
  optional,
  readJson,
  readWhole,
  readWholeFile,
} from '@mafjs/tensor/files'
import { readSafetensors, safetensorsChunks, storeFloat32, toFloat32 } from '@mafjs/tensor/safetensors'
import { type CheckpointContent, writeCheckpoint } from '../checkpoint/save-checkpoint'
import type { Snapshot } from '../checkpoint/snapshot'
import { hasStrictF1, isLossValues } from './saved-values'
import type { ResumedTraining, TrainingCheckpoint, TrainingProgress } from './training-progress'

/** Where a run's last state is within its folder. */
export const LAST = 'last'

/** What a run has met so far, beside its training. */
export interface LastCheckpoint {
  progress: TrainingProgress
  brokenPictures: BrokenPicture[]
}

const FIX = 'The run cannot go on: start anew with --overwrite, or choose another folder.'

/** `progress.json`, as it must be. */
const FIELDS = {
  progress: hasFields({
    ...{ epoch: isCount, stepInEpoch: isCount, step: isCount, losses: listOf(isLossValues) },
    history: listOf(isLossValues),
    best: hasFields({ epoch: isCount, validation: optional(hasStrictF1) }),
    reached: listOf(isText),
  }),
  brokenPictures: listOf(hasFields({ file: isText, reason: isText })),
  updates: isCount,
}

const MOMENTS = { firstMoments: 'exp_avg', secondMoments: 'exp_avg_sq' } as const

/**
 * Writes the last state of a run: a model folder like that of the best, and in `optimizer.safetensors` and `progress.json`
 * what it needs to go on. The moments have PyTorch's names, `NAME.exp_avg` and `NAME.exp_avg_sq`.
 */
export async function saveLast(
  out: string,
  { progress, weights, optimizer }: TrainingCheckpoint,
  content: Omit<CheckpointContent, 'snapshot' | 'metrics' | 'files'> & Pick<LastCheckpoint, 'brokenPictures'>,
): Promise<void> {
  const { brokenPictures, ...rest } = content
  const moments = Object.entries(optimizer.parameters).flatMap(([name, state]) => {
    const { shape } = weights[name]!
    return Object.entries(MOMENTS).map(([part, suffix]) => [
      `${name}.${suffix}`,
      storeFloat32(state[part as keyof typeof MOMENTS], shape),
    ])
  })
  const last: LastCheckpoint & { updates: number } = { progress, brokenPictures, updates: optimizer.step }
  await writeCheckpoint(
    join(out, LAST),
    {
      ...rest,
      snapshot: weights,
      metrics: { step: progress.step, history: progress.history },
      files: {
        'optimizer.safetensors': safetensorsChunks(Object.fromEntries(moments)),
        'progress.json': `${JSON.stringify(last, null, 2)}\n`,
      },
    },
    { overwrite: true },
  )
}

async function readSnapshot(place: string): Promise<Snapshot> {
  const file = join(place, 'model.safetensors')
  const { tensors } = readSafetensors(await readWholeFile(file, FIX), file)
  const entries = Object.entries(tensors).map(([name, stored]) => [
    name,
    { shape: stored.shape, values: toFloat32(stored) },
  ])
  return Object.fromEntries(entries)
}

/**
 * Reads the last state of a run, and the weights of its best epoch.
 *
 * @returns nothing where the run has not come to its first checkpoint
 * @throws InvalidArgumentError for a file that is damaged.
 */
export async function loadLast(
  out: string,
): Promise<(ResumedTraining & Pick<LastCheckpoint, 'brokenPictures'>) | undefined> {
  const last = await readWhole(join(out, LAST), async place => {
    if (!(await exists(place))) return undefined
    const { progress, brokenPictures, updates } = await readJson<LastCheckpoint & { updates: number }>(
      join(place, 'progress.json'),
      { fields: FIELDS, fix: FIX },
    )
    const weights = await readSnapshot(place)
    const file = join(place, 'optimizer.safetensors')
    const { tensors } = readSafetensors(await readWholeFile(file, FIX), file)
    const moment = (name: string): Float32Array => {
      const stored = tensors[name]
      if (stored) return toFloat32(stored)
      throw new InvalidArgumentError({
        argument: file,
        rule: `must hold ${name}`,
        received: `${Object.keys(tensors).length} other tensors`,
        fix: FIX,
      })
    }
    const trained = Object.keys(weights).filter(name => tensors[`${name}.${MOMENTS.firstMoments}`])
    const parameters = trained.map(name => [
      name,
      {
        values: weights[name]!.values,
        firstMoments: moment(`${name}.${MOMENTS.firstMoments}`),
        secondMoments: moment(`${name}.${MOMENTS.secondMoments}`),
      },
    ])
    const optimizer = { step: updates, parameters: Object.fromEntries(parameters) }
    return { progress, brokenPictures, weights, optimizer }
  })
  if (!last || last.progress.best.epoch === 0) return last
  return { ...last, best: await readWhole(out, readSnapshot) }
}
