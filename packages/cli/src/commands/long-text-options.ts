import { LONG_TEXTS } from '@mafjs/data'
import { Option } from 'commander'
import { wholeNumber } from './options'

/**
 * `--long-texts`, the same in every command but for what is done without it.
 *
 * @param fallback for the help
 */
export const longTextsOption = (fallback = 'as the model was trained'): Option =>
  new Option(
    '--long-texts <how>',
    `posts that are longer: read in windows, or cut (default: ${fallback})`,
  ).choices([...LONG_TEXTS])

/** `--window-overlap`, the same in every command. */
export const windowOverlapOption = (): Option =>
  new Option(
    '--window-overlap <pieces>',
    'word pieces that two windows share at most (default: a quarter of the longest sequence)',
  ).argParser(wholeNumber(0, 509))
