import { type Dataset, goldLabels } from '@mafjs/data'
import { unknownTypes } from '@mafjs/evaluate'

/** What a run reads and trains. */
export interface RunNotesInputs {
  dataset: Dataset
  /** Entity types of the model. */
  types: readonly string[]
  images?: string | undefined
  /** Where the image encoder comes from, or `none`. */
  imageEncoder: string
}

/** Sentences for a person: what the model will know, what is not used, and what can never be found. */
export function runNotes({ dataset, types, images, imageEncoder }: RunNotesInputs): string[] {
  const notes = [`Entity types: ${types.join(', ')}.`]
  for (const name of ['valid', 'test'] as const) {
    const unknown = dataset[name] ? unknownTypes(goldLabels(dataset[name].examples), types) : []
    if (unknown.length > 0) {
      notes.push(
        `Entities of ${name} of types that train does not have count as missed: ${unknown.join(', ')}.`,
      )
    }
  }
  if (!dataset.valid) notes.push('There is no validation split: the last epoch is kept.')
  if (images === undefined && imageEncoder !== 'none') {
    notes.push('There is an image encoder but no images folder: every post counts as one without a picture.')
  }
  if (images !== undefined && imageEncoder === 'none') {
    notes.push('There is an images folder but no image encoder: the model reads the text only.')
  }
  return notes
}
