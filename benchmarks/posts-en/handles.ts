import { join } from 'node:path'
import { readExamples } from '@mafjs/data'
import { permutation, uniform } from '@mafjs/tensor/random'

/** Handles of persons as a model was trained on them, as it was not, and such as nobody has. */
export interface HandleGroups {
  training: string[]
  /** Of the validation split, and not of the training split. */
  heldOut: string[]
  /** One for each of `training`, of its shape. */
  invented: string[]
}

/** What a model makes of the handles of a group. */
export interface HandleScore {
  handles: number
  /** Mean score that a handle is a person; 0 where it is found to be none. */
  person: number
  /** Mean score that it is an entity of any type. */
  entity: number
  /** Share of the handles that are persons in most sentences. */
  found: number
}

/** Names and words that handles are made of. */
const PIECES =
  'anna ben carla dave emma finn grace harry ivy jack kate liam mia nora oscar paul quinn rosa sam tess uma vera will xena yara zoe real just hey the mister lady music photo sun rain moon blue cook run book news daily fan girl boy king star art game road west north'.split(
    ' ',
  )

const CAN_BE = /^@[A-Za-z0-9_]+$/

/**
 * Invents a handle with the length, the capitals, the digits and the underscores of another, its letters from names and words.
 *
 * @param at which one of a series: the same seed and place give the same handle
 */
export function inventHandle(like: string, at: number, seed = 37): string {
  const draws = uniform(2 * like.length + 1, { seed, step: at, site: 'handles' })
  let drawn = 0
  const below = (count: number): number => Math.floor(draws[drawn++]! * count)
  let letters = ''
  return like.replace(/[A-Za-z0-9]/g, (sign, place: number) => {
    if (/\d/.test(sign)) return String(below(10))
    // A name goes on through a row of letters and does not cross a digit or an underscore.
    if (letters === '' || !/[A-Za-z]/.test(like[place - 1]!)) letters = PIECES[below(PIECES.length)]!
    const letter = letters[0]!
    letters = letters.slice(1)
    return sign === sign.toUpperCase() ? letter.toUpperCase() : letter
  })
}

/** The handles labelled as persons in a file of posts, each once, in order. */
async function personsIn(file: string): Promise<Set<string>> {
  const { examples } = await readExamples(file)
  const found = examples.flatMap(({ words, labels }) =>
    words.filter((word, i) => CAN_BE.test(word) && labels![i] === 'B-PER'),
  )
  return new Set(found)
}

/**
 * Handles of the posts in a folder that `writePosts` wrote, at most so many of each group.
 *
 * @param options.count of each group. @default 500
 */
export async function handleGroups(
  posts: string,
  { count = 500, seed = 37 }: { count?: number; seed?: number } = {},
): Promise<HandleGroups> {
  const known = await personsIn(join(posts, 'train.jsonl'))
  const others = [...(await personsIn(join(posts, 'valid.jsonl')))].filter(handle => !known.has(handle))
  const some = (handles: readonly string[], site: string): string[] =>
    permutation(handles.length, { seed, site })
      .slice(0, count)
      .map(i => handles[i]!)
  const training = some([...known], 'training')
  const invented = training.map((handle, at) => inventHandle(handle, at, seed))
  return { training, heldOut: some(others, 'held out'), invented }
}

/** Sentences that tell nothing of who a handle is. */
const AROUND = [
  ['thanks', '@', 'for', 'this'],
  ['@', 'what', 'do', 'you', 'think', '?'],
  ['RT', '@', ':', 'see', 'you', 'there'],
] as const

/** What annotates a post: `annotate` of a model. */
export type AnnotateWords = (post: {
  text: string
  tokens: string[]
}) => Promise<{ entities: readonly { type: string; text: string; score: number }[] }>

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)

async function scoreGroup(annotate: AnnotateWords, handles: readonly string[]): Promise<HandleScore> {
  const [persons, entities]: number[][] = [[], []]
  for (const handle of handles) {
    const own: { person: number; entity: number }[] = []
    for (const around of AROUND) {
      const tokens = around.map(word => (word === '@' ? handle : word))
      const found = await annotate({ text: tokens.join(' '), tokens })
      const entity = found.entities.find(({ text }) => text === handle)
      own.push({ person: entity?.type === 'PER' ? entity.score : 0, entity: entity?.score ?? 0 })
    }
    persons!.push(mean(own.map(({ person }) => person)))
    entities!.push(mean(own.map(({ entity }) => entity)))
  }
  const found = mean(persons!.map(person => (person > 0.5 ? 1 : 0)))
  return { handles: handles.length, person: mean(persons!), entity: mean(entities!), found }
}

/**
 * Whether a model knows names by heart: what it makes of handles that it was trained on, beside others and invented ones of like
 * shape, each in the same sentences.
 */
export async function scoreHandles(
  annotate: AnnotateWords,
  { training, heldOut, invented }: HandleGroups,
): Promise<Record<keyof HandleGroups, HandleScore>> {
  return {
    training: await scoreGroup(annotate, training),
    heldOut: await scoreGroup(annotate, heldOut),
    invented: await scoreGroup(annotate, invented),
  }
}
