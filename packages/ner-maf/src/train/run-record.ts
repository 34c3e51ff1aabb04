import { type BrokenPicture, type Dataset, splitFingerprint } from '@mafjs/data'
import { checkFields, hasFields, isText, listOf, optional } from '@mafjs/tensor/json'
import { version } from '../version'

/** What a run is made of beside its settings. */
export const recordOf = (choices: Record<string, unknown>, dataset: Dataset) => ({
  ...choices,
  fingerprints: Object.fromEntries(
    Object.values(dataset).map(({ name, examples }) => [name, splitFingerprint(examples)]),
  ),
  versions: { 'ner-maf': version },
})

/** The broken pictures that a run which goes on has met already. */
export function brokenBefore(
  kept: Record<string, unknown> | undefined,
  out: string,
): BrokenPicture[] | undefined {
  if (!kept) return undefined
  const brokenPictures = optional(listOf(hasFields({ file: isText, reason: isText })))
  checkFields(kept, `${out}/last/progress.json`, {
    fields: { brokenPictures },
    fix: 'The run cannot go on: start anew with overwrite: true, or choose another folder.',
  })
  return kept['brokenPictures'] as BrokenPicture[] | undefined
}
