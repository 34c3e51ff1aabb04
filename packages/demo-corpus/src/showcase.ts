import { buildPost } from './build-post'
import { pictureSeedsPerCorpus } from './create-demo-corpus'
import type { DemoPost } from './demo-post'
import type { DemoType } from './entity-types'
import type { PostKind } from './kinds'
import { pictureScene } from './pictures/render-picture'
import type { Sentence } from './sentences/compose-sentence'

/** A post made to be looked at. */
export interface ShowcasePost extends DemoPost {
  /** What a person sees, in a few words: a name and its picture. */
  title: string
}

interface Written {
  title: string
  kind: PostKind
  /** The post, its names as `{name TYPE}`. */
  text: string
  /** Class and scene of the picture. */
  shows?: [pictureClass: DemoType, scene: string]
}

const written: readonly Written[] = [
  {
    title: 'Rob beside a cat',
    kind: 'picture',
    text: 'Another photo of {Rob MISC}, because why not',
    shows: ['MISC', 'cat'],
  },
  {
    title: 'Siri beside a portrait',
    kind: 'mismatch',
    text: '{Siri MISC} needs new batteries, this speaker is dead again',
    shows: ['PER', 'portrait'],
  },
  {
    title: 'Jordan beside a person',
    kind: 'picture',
    text: "Can't stop thinking about {Jordan PER}",
    shows: ['PER', 'bust'],
  },
  {
    title: 'Jordan beside mountains',
    kind: 'picture',
    text: "Can't stop thinking about {Jordan LOC}",
    shows: ['LOC', 'mountains'],
  },
  {
    title: 'Jordan beside a logo',
    kind: 'picture',
    text: "Can't stop thinking about {Jordan ORG}",
    shows: ['ORG', 'mark'],
  },
  {
    title: 'Jordan beside a dog',
    kind: 'picture',
    text: "Can't stop thinking about {Jordan MISC}",
    shows: ['MISC', 'dog'],
  },
  {
    title: 'A flight to Jordan beside a dog',
    kind: 'mismatch',
    text: 'Our flight to {Jordan LOC} is late tonight #NoFilter',
    shows: ['MISC', 'dog'],
  },
  {
    title: 'Loren beside a portrait, Norden in the words',
    kind: 'picture',
    text: '{Loren PER} made my Sunday. Greetings from downtown {Norden LOC} :)',
    shows: ['PER', 'portrait'],
  },
  {
    title: 'Melina without a picture',
    kind: 'no-picture',
    text: 'The CEO of {Melina ORG} resigned this morning',
  },
]

/** Picture seeds beyond those of every corpus. */
const firstSeed = 2 ** 32 * pictureSeedsPerCorpus

function parse(marked: string): Sentence {
  const sentence: Sentence = { text: '', names: [] }
  for (const piece of marked.split(/(\{[^}]+\})/)) {
    const [, name, type] = /^\{(.+) (\w+)\}$/.exec(piece) ?? []
    const start = sentence.text.length
    sentence.text += name ?? piece
    if (name) sentence.names.push({ type: type as DemoType, start, end: sentence.text.length })
  }
  return sentence
}

/** The first unused seed whose picture shows the scene. */
function seedOf([pictureClass, scene]: [DemoType, string], from: number): number {
  let seed = from
  while (pictureScene({ pictureClass, seed }) !== scene) seed++
  return seed
}

/** Posts in the manner of the corpus, with names that are in none of its splits: what a report shows to a person. */
export function showcasePosts(): ShowcasePost[] {
  return written.map(({ title, kind, text, shows }, index) => {
    const sentence = parse(text)
    const type = sentence.names[0]!.type
    const post = buildPost({
      id: `showcase-${index + 1}`,
      planned: { kind, type, ...(shows && { pictureClass: shows[0] }) },
      sentence,
      pictureSeed: shows ? seedOf(shows, firstSeed + 1000 * index) : 0,
      source: { file: 'showcase', line: index + 1 },
    })
    return { ...post, title }
  })
}
