import type { TaskAxes } from '@mafjs/train'
import type { BatchArrays } from '../model/batch-arrays'
import type { MafConfig } from '../model/config'

type Axes = Record<string, readonly (string | null)[]>

/** What a batch may have for pictures: each kind is a program of its own, without pictures one that reads none. */
const IMAGE_AXES = {
  none: {},
  pictures: {
    'image.pixels': ['pictures', null, null, null],
    'image.choice': ['batch', 'places', 'pictures'],
  },
  encodings: {
    'image.states': ['batch', null, null],
    'image.summary': ['batch', null],
    'image.mask': ['batch', null],
  },
} satisfies Record<string, Axes>

const imageKind = (image: BatchArrays['image']): keyof typeof IMAGE_AXES => {
  if (!image) return 'none'
  return 'pixels' in image ? 'pictures' : 'encodings'
}

/**
 * Which axes of a batch have any length. A loss has a program for each number of the CRF's steps, which it goes through one by
 * one.
 *
 * @param batch its pictures, and its labels in training
 * @param largest the greatest length of `tokens`, where the model checks it
 */
export function batchAxes(
  { padTo, steps, textEncoder }: Pick<MafConfig, 'padTo' | 'steps' | 'textEncoder'>,
  { image, labels, alternatives }: Pick<BatchArrays, 'image' | 'labels' | 'alternatives'>,
  largest?: TaskAxes['largest'],
): TaskAxes {
  // A fixed length is one number in every batch: some parts of a model can then take no other.
  const tokens = padTo === 'longest' && !(labels && steps === 'pieces') ? 'tokens' : null
  const words = labels ? null : 'words'
  return {
    axes: {
      'text.ids': ['batch', tokens],
      'text.mask': ['batch', tokens],
      ...(textEncoder.wordShapes && { 'text.shapes': ['batch', tokens] }),
      ...(steps === 'words' && { firstPieces: ['batch', words, tokens], wordMask: ['batch', words] }),
      ...(labels && { labels: ['batch', null] }),
      ...(alternatives && { alternatives: ['batch', null, null] }),
      ...IMAGE_AXES[imageKind(image)],
    },
    ...(tokens && largest && { largest }),
  }
}
