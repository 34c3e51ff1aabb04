import {
  type BrokenPicture,
  type Dataset,
  dataFingerprint,
  type Post,
  pictureFingerprint,
  pictureIdOf,
} from '@mafjs/data'
import { checkFields, hasFields, isText, listOf, optional } from '@mafjs/tensor/files'
import { version } from '../version'

/** What tells whether two splits are the same. */
export interface Fingerprint {
  posts: number
  words: number
  /** Spans that a `B-` label opens. */
  entities: number
  /** Posts whose picture is at hand. */
  pictures: number
  /** Of words and labels. */
  data: string
  /** Of the pictures' file names. */
  pictureNames: string
}

function fingerprint(examples: readonly Post[]): Fingerprint {
  const words = examples.reduce((sum, { words }) => sum + words.length, 0)
  const labels = examples.flatMap(({ labels = [] }) => labels)
  // By their names alone: what the files hold plays no part.
  const files = examples.map(({ image, images }) => pictureIdOf({ image, images }))
  return {
    posts: examples.length,
    words,
    entities: labels.filter(label => label.startsWith('B-')).length,
    pictures: files.filter(file => file !== undefined).length,
    data: dataFingerprint(examples),
    pictureNames: pictureFingerprint(files),
  }
}

/** What a run is made of beside its settings. */
export const recordOf = (choices: Record<string, unknown>, dataset: Dataset) => ({
  ...choices,
  fingerprints: Object.fromEntries(
    Object.values(dataset).map(({ name, examples }) => [name, fingerprint(examples)]),
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
