import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { CHECKPOINT_FOLDER, checkpointDigest, readEvaluation } from '@mafjs/ner-maf'
import { InvalidArgumentError } from '@mafjs/tensor'
import { isMissing, replaceFile } from '@mafjs/tensor/files'
import { readSummary, SUMMARY } from './read-summary'
import { formatSummary, type SeedRun, type SeedsPlan, type SeedsSummary } from './seeds-summary'

/** Writes `summary.json` and `summary.md`, each aside and renamed. */
export async function writeSummary(folder: string, summary: SeedsSummary): Promise<void> {
  await replaceFile(folder, 'summary.md', `${formatSummary(summary)}\n`)
  await replaceFile(folder, SUMMARY, `${JSON.stringify(summary, null, 2)}\n`)
}

/** The names under which two plans differ, each with both values. */
function differences(asked: SeedsPlan, there: SeedsPlan): string {
  const flat = ({ options, data, ...rest }: SeedsPlan): Record<string, unknown> => ({
    ...rest,
    ...options,
    ...Object.fromEntries(Object.entries(data).map(([split, print]) => [`data of ${split}`, print])),
  })
  const [one, other] = [flat(asked), flat(there)]
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])]
  const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing'
  return names
    .filter(name => !isDeepStrictEqual(one[name], other[name]))
    .map(name => `${name} ${shown(one[name])}, there ${shown(other[name])}`)
    .join('; ')
}

/** Whether a finished run is still what it was when it was written down. */
async function isWhole(folder: string, { model, evaluation, digest }: SeedRun): Promise<boolean> {
  try {
    await readEvaluation(join(folder, evaluation))
    return (await checkpointDigest(join(folder, model))) === digest
  } catch (error) {
    // What is missing or damaged is done anew; of what cannot be read nobody knows whether it has to be.
    if ('code' in (error as Error) && !isMissing(error)) throw error
    return false
  }
}

/** Whether the folder of a seed is among names: then a training with seeds has begun it, whatever its summary says. */
async function hasSeed(folder: string, names: readonly string[]): Promise<boolean> {
  const seeds = names.filter(name => /^seed-\d+$/.test(name))
  const are = await Promise.all(seeds.map(name => CHECKPOINT_FOLDER.isOne(join(folder, name))))
  return are.includes(true)
}

/**
 * The finished runs of a folder that was begun with the same plan; a new folder has none.
 *
 * @throws InvalidArgumentError for a folder with other files in it, or, unless it is to be overwritten, another plan.
 */
export async function openSeedsFolder(
  folder: string,
  plan: SeedsPlan,
  { overwrite = false } = {},
): Promise<SeedRun[]> {
  await mkdir(folder, { recursive: true })
  const names = await readdir(folder)
  if (names.length === 0) return []
  // Who begins anew need not know what there was.
  if (overwrite && (await hasSeed(folder, names))) return []
  const summary = await readSummary(folder)
  if (!summary) {
    throw new InvalidArgumentError({
      argument: '--out',
      rule: 'must be new, or a folder that a training with seeds has begun',
      received: `${folder} with ${names.slice(0, 5).join(', ')}`,
      fix: 'Choose another folder, or remove this one yourself.',
    })
  }
  if (overwrite) return []
  // What was written down went through JSON, which leaves out what is undefined.
  const asked = JSON.parse(JSON.stringify(plan)) as SeedsPlan
  const different = differences(asked, summary.plan)
  if (different !== '') {
    throw new InvalidArgumentError({
      argument: '--out',
      rule: 'must have been begun with the same options and data',
      received: `${folder}: ${different}`,
      fix: 'Give the same options to go on, choose another folder, or begin anew with --overwrite.',
    })
  }
  const whole = await Promise.all(summary.runs.map(run => isWhole(folder, run)))
  return summary.runs.filter((_, index) => whole[index])
}
