import { InvalidArgumentError } from '@mafjs/tensor'
import { createDraws } from '../draws'
import { capitalised, drawSyllableWord } from './syllables'
import { demoWords } from './words'

/** Names that the showcase posts use, kept out of every pool. */
const showcaseNames: readonly string[] = ['Jordan', 'Rob', 'Siri', 'Loren', 'Melina', 'Norden']

/** The most names a pool may have, so that enough are left for the others. */
export const largestPool = 4000

const shareOfTwoWords = 0.22

/** What names are made of. */
export interface NamePoolOptions {
  seed: number
  /** Names per pool, at most `largestPool` each. */
  sizes: readonly number[]
  /** Made-up words in lower case beside the names. */
  nicknames: number
}

/**
 * Makes pools of names of one or two made-up words, and nicknames. No made-up word occurs twice, whatever its case, so
 * none of one pool stands in another; none is an ordinary word of the corpus or a name of the showcase.
 *
 * @throws InvalidArgumentError for a pool too large.
 */
export function createNamePools({ seed, sizes, nicknames }: NamePoolOptions): {
  pools: string[][]
  nicknames: string[]
} {
  const draws = createDraws({ seed, site: 'demo/names' })
  const taken = new Set([...demoWords(), ...showcaseNames].map(word => word.toLowerCase()))
  const freshWord = () => {
    for (;;) {
      const word = drawSyllableWord(draws)
      if (taken.has(word)) continue
      taken.add(word)
      return word
    }
  }
  for (const [pool, size] of sizes.entries()) {
    if (size > largestPool) {
      throw new InvalidArgumentError({
        argument: `sizes[${pool}]`,
        rule: `must be at most ${largestPool}`,
        received: size,
      })
    }
  }
  return {
    nicknames: Array.from({ length: nicknames }, freshWord),
    pools: sizes.map(size =>
      Array.from({ length: size }, () => {
        const words = draws.chance(shareOfTwoWords) ? [freshWord(), freshWord()] : [freshWord()]
        return words.map(capitalised).join(' ')
      }),
    ),
  }
}
