import { permutation } from '@mafjs/tensor'
import { type Kind, TYPE_OF } from './kinds'
import type { Photograph } from './photographs'

/** Two photographs whose kinds have different types: each is the other's exchanged picture. */
export type PhotographPair = readonly [Photograph, Photograph]

/** A text with one name in it, by UTF-16 units. */
export interface Sentence {
  text: string
  start: number
  end: number
}

/** Names that can be either of two kinds, by both. None stands in the training corpus's own list. */
export const AMBIGUOUS_NAMES: Readonly<Record<string, readonly string[]>> = {
  'person place': ['Jordan', 'Chelsea', 'Phoenix', 'Austin', 'Sydney', 'Florence'],
  'person animal': ['Rob', 'Jordan', 'Chelsea', 'Phoenix', 'Max', 'Felix'],
  'person product': ['Mercedes', 'Tesla', 'Alexa', 'Jordan', 'Stella', 'Ruby'],
  'place animal': ['Phoenix', 'Chelsea', 'Jordan', 'Savannah', 'Sydney', 'Rio'],
  'place product': ['Amazon', 'Jordan', 'Malibu', 'Tahoe', 'Austin', 'Sonoma'],
}

/** What says nothing of the kind of its name. */
export const NEUTRAL = ['Look at {}', 'I love {} so much', '{} never gets old', 'One more of {} for you all']

/** What says the kind of its name, for matching. */
export const TELLING: Readonly<Record<Kind, readonly string[]>> = {
  person: [
    'Our best player {} says hello to his fans',
    'A man called {} told me his whole life today',
    'My friend {} and her boyfriend',
  ],
  place: [
    'We landed in {} and walked around all day',
    'The view from the hills above {} this morning',
    'Greetings from {} , what a beautiful town',
  ],
  animal: [
    '{} the cutest animal in the whole zoo',
    'Feeding {} , he eats with his tail in the air',
    'The vet says {} has healthy fur and paws',
  ],
  product: [
    'Just bought the new {} , best machine ever',
    'Unboxing my {} , it works out of the box',
    'Selling my old {} , hardly used , 50 dollars',
  ],
}

/** The names of {@link TELLING}. */
export const TOLD_NAMES: Readonly<Record<Kind, readonly string[]>> = {
  person: ['Rob', 'Jordan'],
  place: ['Phoenix', 'Chelsea'],
  animal: ['Rob', 'Phoenix'],
  product: ['Alexa', 'Tesla'],
}

/** Every template with every name. */
export function sentencesOf(templates: readonly string[], names: readonly string[]): Sentence[] {
  return templates.flatMap(template =>
    names.map(name => {
      const start = template.indexOf('{}')
      return { text: template.replace('{}', name), start, end: start + name.length }
    }),
  )
}

/** The sentences of a pair that say nothing of the kind of their name, which can be that of either photograph. */
export function ambiguousSentences([a, b]: PhotographPair): Sentence[] {
  const names = AMBIGUOUS_NAMES[`${a.kind} ${b.kind}`] ?? AMBIGUOUS_NAMES[`${b.kind} ${a.kind}`]
  return sentencesOf(NEUTRAL, names!)
}

/** The sentences that say what a photograph shows. */
export const tellingSentences = ({ kind }: Photograph): Sentence[] =>
  sentencesOf(TELLING[kind], TOLD_NAMES[kind])

/**
 * Pairs photographs of different types, each in one pair only: half of the rarer of people and places with each other, the others
 * with animals and products in turn. What is left over is not used.
 *
 * @param seed of the order within each kind
 */
export function pairPhotographs(photographs: readonly Photograph[], seed: number): PhotographPair[] {
  const shuffled = (kind: Kind): Photograph[] => {
    const all = photographs.filter(one => one.kind === kind)
    return permutation(all.length, { seed, site: `posts-en-pictures.${kind}` }).map(i => all[i]!)
  }
  const [people, places, animals, products] = [
    shuffled('person'),
    shuffled('place'),
    shuffled('animal'),
    shuffled('product'),
  ]
  const together = Math.floor(Math.min(people.length, places.length) / 2)
  const pairs: PhotographPair[] = people
    .splice(0, together)
    .map((person, i): PhotographPair => [person, places[i]!])
  const others = [...people, ...places.slice(together)]
  for (const [i, one] of others.entries()) {
    const other = (i % 2 === 0 ? animals : products).shift()
    if (other) pairs.push([one, other])
  }
  return pairs
}

/** What a model said of the sentences of a pair beside its photographs: the type of the name, null where it found none or others. */
export interface PairAnswers {
  pair: PhotographPair
  /** `[sentence]`, beside the first and the second photograph. */
  types: readonly [readonly (string | null)[], readonly (string | null)[]]
  /** Match probabilities of telling sentences beside the own picture and the exchanged one. */
  own: readonly number[]
  exchanged: readonly number[]
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length

/** Share of the sentences whose type is right beside the own picture, and where the picture alone is the partner's. */
export function pairAccuracy({ pair, types }: PairAnswers): { own: number; exchanged: number } {
  const share = (shown: 0 | 1, owner: 0 | 1): number =>
    mean(types[shown].map(type => (type === TYPE_OF[pair[owner].kind] ? 1 : 0)))
  return { own: mean([share(0, 0), share(1, 1)]), exchanged: mean([share(1, 0), share(0, 1)]) }
}
