import { type RandomKey, uniform } from '@mafjs/tensor'
import { drawSound, SOUND_KINDS, type Sound } from './draw-sound'

/** What a post may be about, with the sound of it. */
const SUBJECTS = {
  bird: 'tone',
  music: 'tone',
  engine: 'rumble',
  storm: 'rumble',
  snake: 'hiss',
  rain: 'hiss',
  kitchen: 'clatter',
  train: 'clatter',
} as const

/** One subject. */
type Subject = keyof typeof SUBJECTS

/** The names of what a post may be about; a post's `subject` is a place in this list. */
export const SUBJECT_NAMES = Object.keys(SUBJECTS) as Subject[]

/** Words that say it. */
const CLEAR: Record<Subject, readonly string[]> = {
  bird: ['robin', 'sparrow', 'thrush'],
  music: ['violin', 'flute', 'choir'],
  engine: ['lorry', 'tractor', 'mower'],
  storm: ['thunder', 'gale', 'tempest'],
  snake: ['viper', 'cobra', 'python'],
  rain: ['drizzle', 'shower', 'downpour'],
  kitchen: ['saucepan', 'plate', 'cupboard'],
  train: ['locomotive', 'wagon', 'tram'],
}

/** Words with two meanings, which sound in different ways. Every subject has two of them. */
const AMBIGUOUS: readonly (readonly [string, Subject, Subject])[] = [
  ['crane', 'bird', 'engine'],
  ['whistle', 'bird', 'train'],
  ['horn', 'music', 'engine'],
  ['roll', 'music', 'storm'],
  ['strike', 'storm', 'snake'],
  ['rattle', 'snake', 'kitchen'],
  ['tap', 'rain', 'kitchen'],
  ['rush', 'rain', 'train'],
]

const PLACES = ['harbour', 'park', 'station', 'bridge', 'school']

const SENTENCES: readonly ((word: string, place: string) => string)[] = [
  (word, place) => `we heard a ${word} near the ${place}`,
  (word, place) => `there was a ${word} by the ${place} again`,
  (word, place) => `listen a ${word} over the ${place} this morning`,
  (word, place) => `the ${place} and its ${word}`,
]

/** What tells the subject of a post: its words, with a sound that fits or misleads, or only its sound. */
export const GROUPS = { 'text decides': 0.4, 'sound decides': 0.5, 'sound misleads': 0.1 } as const

/** One of {@link GROUPS}. */
export type Group = keyof typeof GROUPS

/** One post; without a sound where there is none. */
export interface Post {
  words: string[]
  sound?: Sound
  /** Place in {@link SUBJECT_NAMES}. */
  subject: number
  group: Group
}

/** The group of a post by a number in [0, 1), in their shares. */
function groupAt(draw: number): Group {
  if (draw < GROUPS['text decides']) return 'text decides'
  return draw < GROUPS['text decides'] + GROUPS['sound decides'] ? 'sound decides' : 'sound misleads'
}

/** Draws posts, each by a stream of its own: the first ones stay the same when more are drawn. */
export function drawPosts(count: number, seed: number): Post[] {
  return Array.from({ length: count }, (_, step) => {
    const key: RandomKey = { seed, step, site: 'post' }
    const draws = uniform(7, key)
    const pick = <T>(list: readonly T[], draw: number): T => list[Math.floor(draws[draw]! * list.length)]!
    const group = groupAt(draws[0]!)
    const [double, ...meanings] = pick(AMBIGUOUS, 1)
    const isDouble = group === 'sound decides'
    const subject = isDouble ? pick(meanings, 2) : pick(SUBJECT_NAMES, 2)
    const word = isDouble ? double : pick(CLEAR[subject], 3)
    const kind = SUBJECTS[subject]
    const misleading = pick(
      SOUND_KINDS.filter(other => other !== kind),
      6,
    )
    return {
      words: pick(SENTENCES, 4)(word, pick(PLACES, 5)).split(' '),
      sound: drawSound(group === 'sound misleads' ? misleading : kind, { seed, step }),
      subject: SUBJECT_NAMES.indexOf(subject),
      group,
    }
  })
}

/** The best that can be had on average from a part of a post, in [0, 1]. */
export const CEILINGS = {
  chance: 1 / SUBJECT_NAMES.length,
  // Two meanings are left of a word, or two subjects of a kind of sound.
  text: 1 - GROUPS['sound decides'] / 2,
  sound: (1 - GROUPS['sound misleads']) / 2,
  both: 1,
} as const
