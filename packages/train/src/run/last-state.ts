import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { exists, readJson, readWhole, readWholeFile } from '@mafjs/tensor/files'
import { hasFields, isCount, isObject, isText, listOf, optional } from '@mafjs/tensor/json'
import { readSafetensors, safetensorsChunks, storeFloat32, toFloat32 } from '@mafjs/tensor/safetensors'
import type { RunRecord } from '../record/run-record'
import { isLossValues } from '../record/saved-values'
import type { ResumedTraining, TrainingCheckpoint, TrainingProgress } from '../record/training-progress'
import { readSnapshot } from '../snapshot'
import { json, type ModelFormat, writeModel } from './model-format'

/** Where a run's last state is within its folder. */
export const LAST = 'last'

/** `progress.json`: how far a run is, and what else its caller keeps, plain JSON by name. */
interface Progress extends Record<string, unknown> {
  progress: TrainingProgress
  /** Updates of the optimiser. */
  updates: number
}

const FIX = 'The run cannot go on: start anew with overwrite: true, or choose another folder.'

/** `progress.json`, as it must be. */
const FIELDS = {
  progress: hasFields({
    ...{ epoch: isCount, stepInEpoch: isCount, step: isCount, losses: listOf(isLossValues) },
    history: listOf(isLossValues),
    best: hasFields({ epoch: isCount, validation: optional(isObject) }),
    reached: listOf(isText),
  }),
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
  { format, record, kept }: { format: ModelFormat; record: RunRecord; kept: Record<string, unknown> },
): Promise<void> {
  const moments = Object.entries(optimizer.parameters).flatMap(([name, state]) => {
    const { shape } = weights[name]!
    return (Object.keys(MOMENTS) as (keyof typeof MOMENTS)[]).map(part => [
      `${name}.${MOMENTS[part]}`,
      storeFloat32(state[part], shape),
    ])
  })
  const last: Progress = { progress, ...kept, updates: optimizer.step }
  await writeModel(join(out, LAST), {
    format,
    training: record,
    snapshot: weights,
    metrics: { step: progress.step, history: progress.history },
    files: {
      'optimizer.safetensors': safetensorsChunks(Object.fromEntries(moments)),
      'progress.json': json(last),
    },
  })
}

const readProgress = (place: string): Promise<Progress> =>
  readJson<Progress>(join(place, 'progress.json'), { fields: FIELDS, fix: FIX })

/** What a run's caller kept beside its training, at its last checkpoint; nothing before the first. */
export async function readKept(out: string): Promise<Record<string, unknown> | undefined> {
  return readWhole(join(out, LAST), async place => {
    if (!(await exists(place))) return undefined
    const { progress: _, updates: __, ...kept } = await readProgress(place)
    return kept
  })
}

/**
 * Reads the last state of a run, and the weights of its best epoch.
 *
 * @returns nothing where the run has not come to its first checkpoint
 * @throws InvalidArgumentError for a file that is damaged.
 */
export async function loadLast(out: string): Promise<ResumedTraining | undefined> {
  const last = await readWhole(join(out, LAST), async place => {
    if (!(await exists(place))) return undefined
    const { progress, updates } = await readProgress(place)
    const weights = await readSnapshot(place, FIX)
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
    return { progress, weights, optimizer }
  })
  if (!last || last.progress.best.epoch === 0) return last
  return { ...last, best: await readWhole(out, place => readSnapshot(place, FIX)) }
}
