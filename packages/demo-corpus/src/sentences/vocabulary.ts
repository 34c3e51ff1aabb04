import { signs } from './decorations'
import { capitalised, firstSyllables, lastSyllables, middleSyllables } from './syllables'
import { demoWords } from './words'

const lowerLetters = 'abcdefghijklmnopqrstuvwxyz'
const punctuation = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'

/**
 * The corpus' own WordPiece vocabulary, cased, in the order of the ids: the special pieces first, then single characters
 * (every ASCII character begins and continues words, so that nothing of ASCII becomes `[UNK]`), the syllables that
 * unseen names are built of, and the ordinary words as written and in lower case.
 */
export function demoVocabulary(): string[] {
  const characters = [...lowerLetters, ...lowerLetters.toUpperCase(), ...'0123456789']
  const syllables = [...new Set([...firstSyllables, ...middleSyllables, ...lastSyllables])]
  const words = demoWords()
  return [
    ...new Set([
      ...['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'],
      ...punctuation,
      ...signs.filter(sign => /^\P{ASCII}+$/u.test(sign)),
      ...characters,
      ...characters.map(character => `##${character}`),
      ...firstSyllables,
      ...firstSyllables.map(capitalised),
      ...syllables.map(syllable => `##${syllable}`),
      ...words,
      ...words.map(word => word.toLowerCase()),
    ]),
  ]
}
