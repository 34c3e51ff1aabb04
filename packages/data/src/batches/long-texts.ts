import { InvalidArgumentError } from '@mafjs/tensor'

/** What becomes of a text longer than the model reads: it is read in overlapping windows, or its end is cut off. */
export const LONG_TEXTS = ['window', 'cut'] as const

/** What becomes of posts with more word pieces than the longest sequence. */
export type LongTexts = (typeof LONG_TEXTS)[number]

/** How texts longer than the model reads are treated. */
export interface LongTextOptions {
  longTexts?: LongTexts | undefined
  /** Word pieces that two windows share at most, Hugging Face's `stride`. @default a quarter of the greatest length */
  windowOverlap?: number | undefined
}

/** What the options are chosen for. */
export interface LongTextModel {
  /** Longest sequence of word pieces, special tokens included. */
  maxLength: number
  /** What the model was trained with; left out where it was trained on cut texts. */
  windowOverlap?: number | undefined
}

/**
 * The word pieces that two windows share at most; undefined where long texts are cut.
 *
 * @param options what is asked for; nothing: what the model was trained with
 * @throws InvalidArgumentError for an unknown choice, or an overlap that leaves no room in a window.
 */
export function windowOverlapOf(
  { longTexts, windowOverlap }: LongTextOptions,
  { maxLength, windowOverlap: trained }: LongTextModel,
): number | undefined {
  if (longTexts !== undefined && !LONG_TEXTS.includes(longTexts)) {
    throw new InvalidArgumentError({
      argument: 'longTexts',
      rule: `must be one of ${LONG_TEXTS.join(', ')}`,
      received: longTexts,
    })
  }
  if (longTexts === 'cut' && windowOverlap !== undefined) {
    throw new InvalidArgumentError({
      argument: 'windowOverlap',
      rule: 'must be left out where long texts are cut',
      received: windowOverlap,
      fix: 'Read them in windows (longTexts: window), or leave it out.',
    })
  }
  if (longTexts === 'cut') return undefined
  if (longTexts === undefined && windowOverlap === undefined) return trained
  const overlap = windowOverlap ?? trained ?? Math.floor(maxLength / 4)
  if (isWindowOverlap(overlap, maxLength)) return overlap
  throw new InvalidArgumentError({
    argument: 'windowOverlap',
    rule: `must be a whole number from 0 to ${maxLength - 3}: a window of ${maxLength} has two framing tokens and something new`,
    received: overlap,
  })
}

/** Whether windows of a length can share so many pieces. */
export const isWindowOverlap = (overlap: unknown, maxLength: number): overlap is number =>
  Number.isInteger(overlap) && Number(overlap) >= 0 && Number(overlap) <= maxLength - 3
