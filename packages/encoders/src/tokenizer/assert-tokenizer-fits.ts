import { InvalidArgumentError } from '@mafjs/tensor'
import type { TextEncoderConfig } from '../text/text-encoder-config'
import type { WordTokenizer } from './word-tokenizer'

/**
 * Checks that no id and no position of a tokenizer lies outside of a text encoder's tables.
 *
 * @param folder where both are, for the error
 * @throws InvalidArgumentError for an id or a position that the encoder does not have.
 */
export function assertTokenizerFits(
  tokenizer: Pick<WordTokenizer, 'vocabSize' | 'maxLength'>,
  { vocabSize, maxPositions = 512 }: Pick<TextEncoderConfig, 'vocabSize' | 'maxPositions'>,
  folder: string,
): void {
  if (tokenizer.vocabSize > vocabSize) {
    throw new InvalidArgumentError({
      argument: `${folder}/tokenizer.json`,
      rule: `must have ids below the vocabSize of config.json, ${vocabSize}`,
      received: `ids up to ${tokenizer.vocabSize - 1}`,
      fix: 'The tokenizer belongs to another checkpoint.',
    })
  }
  if (tokenizer.maxLength > maxPositions) {
    throw new InvalidArgumentError({
      argument: 'maxLength',
      rule: `must be at most ${maxPositions}, the positions that ${folder}/config.json gives the text encoder`,
      received: tokenizer.maxLength,
    })
  }
}
