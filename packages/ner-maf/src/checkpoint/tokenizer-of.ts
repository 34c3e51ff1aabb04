import {
  assertTokenizerFits,
  createWordTokenizer,
  type TokenizerJson,
  type WordTokenizer,
} from '@mafjs/encoders'
import { damagedUnless } from '@mafjs/tensor/json'
import type { CheckpointConfig } from './checkpoint'

/**
 * Makes the tokenizer of a saved model from the content of its `tokenizer.json`, and tries it.
 *
 * @throws InvalidArgumentError naming the file that is damaged, or does not fit the other.
 */
export function tokenizerOf(
  definition: unknown,
  config: Pick<CheckpointConfig, 'model' | 'preprocessing'>,
  folder: string,
): WordTokenizer {
  const tokenizer = damagedUnless(`${folder}/tokenizer.json`, 'must be a tokenizer that cuts words', () => {
    const { maxLength } = config.preprocessing
    const made = createWordTokenizer({ tokenizer: definition as TokenizerJson, maxLength })
    // Some damage shows only where a word is cut.
    made.encodeWords(['word'])
    return made
  })
  assertTokenizerFits(tokenizer, config.model.textEncoder, folder)
  return tokenizer
}
