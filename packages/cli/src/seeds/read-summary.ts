import { join } from 'node:path'
import { hasFields, isNumber, isObject, isText, listOf, readJsonIfThere } from '@mafjs/tensor/files'
import type { SeedsSummary } from './seeds-summary'

/** What a training with seeds keeps of its runs, within its folder. */
export const SUMMARY = 'summary.json'

const isScore = hasFields({ strict: isNumber, lenient: isNumber })

const FIELDS = {
  kind: (kind: unknown) => kind === 'seeds',
  plan: hasFields({ version: isText, options: isObject, data: isObject, split: isText }),
  seeds: listOf(Number.isInteger),
  runs: listOf(
    hasFields({
      ...{ seed: Number.isInteger, model: isText, evaluation: isText, digest: isText, bestEpoch: isNumber },
      validation: scores => scores === null || isScore(scores),
      f1: isScore,
    }),
  ),
}

/**
 * Reads the summary of a training with seeds.
 *
 * @returns undefined where there is none
 * @throws InvalidArgumentError for one that is damaged, or of something else.
 */
export const readSummary = (folder: string): Promise<SeedsSummary | undefined> =>
  readJsonIfThere(join(folder, SUMMARY), {
    fields: FIELDS,
    fix: 'Begin anew with `ner-maf train --seeds` and --overwrite, or choose another folder.',
  })
