import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { exists, isMissing, readJsonIfThere, replaceFile } from '@mafjs/tensor/files'
import { hasFields, isNumber, isObject, isText, listOf } from '@mafjs/tensor/json'
import { assertSameRun, type ComparableRecord } from '../record/run-record'
import { modelDigest } from '../run/model-digest'
import { json, modelType } from '../run/model-format'
import { formatSeeds, type SeedRun, type SeedsSummary, type SeedsWords } from './seeds-summary'

const SUMMARY = 'summary.json'

const areScores = (value: unknown): boolean => isObject(value) && Object.values(value).every(isNumber)

const FIELDS = {
  kind: (kind: unknown) => kind === 'seeds',
  record: hasFields({ fingerprints: isObject }),
  seeds: listOf(Number.isInteger),
  runs: listOf(
    hasFields({
      ...{ seed: Number.isInteger, folder: isText, digest: isText, bestEpoch: isNumber, scores: areScores },
    }),
  ),
}

/**
 * Reads the summary of a training with several seeds.
 *
 * @returns undefined where there is none
 * @throws InvalidArgumentError for one that is damaged, or of something else.
 */
export const readSeeds = (folder: string): Promise<SeedsSummary | undefined> =>
  readJsonIfThere(join(folder, SUMMARY), {
    fields: FIELDS,
    fix: 'Begin the training with several seeds anew with overwrite: true, or choose another folder.',
  })

/** Writes `summary.json` and `summary.md`, each aside and renamed. */
export async function writeSeeds(folder: string, summary: SeedsSummary, words?: SeedsWords): Promise<void> {
  await replaceFile(folder, 'summary.md', `${formatSeeds(summary, words)}\n`)
  await replaceFile(folder, SUMMARY, json(summary))
}

/** Whether a finished run is still what it was when it was written down. */
async function isWhole(folder: string, run: SeedRun, { check }: OpenSeedsOptions): Promise<boolean> {
  try {
    await check?.(run)
    return (await modelDigest(join(folder, run.folder))) === run.digest
  } catch (error) {
    // What is missing or damaged is done anew; of what cannot be read nobody knows whether it has to be.
    if ('code' in (error as Error) && !isMissing(error)) throw error
    return false
  }
}

/** Whether the folder of a seed is among names: then a training with seeds has begun it, whatever its summary says. */
async function hasSeed(folder: string, names: readonly string[]): Promise<boolean> {
  const seeds = names.filter(name => /^seed-\d+$/.test(name))
  const types = await Promise.all(seeds.map(name => modelType(join(folder, name), 'run.json')))
  return types.includes('maf-run')
}

/** What a folder has of a training with several seeds. */
export interface SeedsFolder {
  /** The runs that need not be done again. */
  finished: SeedRun[]
  /** Whether there is a summary, of whatever. */
  hasSummary: boolean
  /** Sentences for a person about what differs from before and may. */
  notes: string[]
}

/** How a folder is looked at. */
interface OpenSeedsOptions {
  overwrite: boolean
  /** What the folder was given as, for errors. */
  argument: string
  /** Throws where what else belongs to a finished run is not whole. */
  check?: ((run: SeedRun) => Promise<unknown>) | undefined
}

/**
 * Looks for what a folder has of a training; a new one has nothing.
 *
 * @throws InvalidArgumentError for a folder with other files in it, or, unless it is to be overwritten, of another training.
 */
export async function openSeedsFolder(
  folder: string,
  record: ComparableRecord,
  options: OpenSeedsOptions,
): Promise<SeedsFolder> {
  const { overwrite, argument } = options
  const names = (await exists(folder)) ? await readdir(folder) : []
  const hasSummary = names.includes(SUMMARY)
  const nothing = { finished: [], hasSummary, notes: [] }
  if (names.length === 0) return nothing
  // Who begins anew need not know what there was; who was killed in the first seed has no summary yet.
  if ((overwrite || !hasSummary) && (await hasSeed(folder, names))) return nothing
  const summary = await readSeeds(folder)
  if (!summary) {
    throw new InvalidArgumentError({
      argument,
      rule: 'must be new, or a folder that a training with seeds has begun',
      received: `${folder} with ${names.slice(0, 5).join(', ')}`,
      fix: 'Choose another folder, or remove this one yourself.',
    })
  }
  if (overwrite) return nothing
  const notes = assertSameRun(summary.record, record)
  const whole = await Promise.all(summary.runs.map(run => isWhole(folder, run, options)))
  return { finished: summary.runs.filter((_, index) => whole[index]), hasSummary, notes }
}
