import type { Draws } from '../draws'
import type { DemoType } from '../entity-types'
import { drawPrefix, drawSuffix, endings } from './decorations'
import { fillers } from './fillers'

/** One name to be put into a template. */
export interface NamedPart {
  template: string
  name: string
  type: DemoType
}

/** What a post says. */
export interface SentenceParts {
  /** The first part with its name, or a template without a name. */
  main: NamedPart | string
  /** A second part with a name of its own. */
  second?: NamedPart | undefined
  /** Made-up words for mentions and hashtags. */
  nicknames: readonly string[]
}

/** A name in a text: UTF-16 offsets, end exclusive. */
export interface PlacedName {
  type: DemoType
  start: number
  end: number
}

/** A post's text and where its names stand, in order. */
export interface Sentence {
  text: string
  names: PlacedName[]
}

const known = new Map(Object.entries(fillers))

const slot = /<(\w+)>|\{\w\}/g

/** A template's pieces: a text, or a mark that the name stands here. */
type Piece = string | { name: string; type: DemoType }

function pieces(draws: Draws, template: string, name?: string, type?: DemoType): Piece[] {
  const list: Piece[] = []
  let last = 0
  for (const found of template.matchAll(slot)) {
    list.push(template.slice(last, found.index))
    list.push(found[1] ? draws.pick(known.get(found[1])!) : { name: name!, type: type! })
    last = found.index + found[0].length
  }
  return [...list, template.slice(last)].filter(piece => piece !== '')
}

const firstUp = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const mapText = (list: readonly Piece[], map: (text: string) => string): Piece[] =>
  list.map(piece => (typeof piece === 'string' ? map(piece) : { ...piece, name: map(piece.name) }))

/** One ordinary word in capitals, as people shout. */
function shout(draws: Draws, list: readonly Piece[]): Piece[] {
  const texts = list.flatMap((piece, i) => (typeof piece === 'string' && /[a-z]{2}/.test(piece) ? [i] : []))
  if (texts.length === 0) return [...list]
  const chosen = draws.pick(texts)
  const words = (list[chosen] as string).match(/[A-Za-z]{2,}/g)!
  const word = draws.pick(words)
  return list.map((piece, i) => (i === chosen ? (piece as string).replace(word, word.toUpperCase()) : piece))
}

/** How people write: mostly as it should be, now and then all small, a shouted word, or a name in capitals. */
function withHabits(draws: Draws, list: readonly Piece[]): Piece[] {
  const habit = draws.unit()
  if (habit < 0.08) return mapText(list, text => text.toLowerCase())
  if (habit < 0.15) return shout(draws, list)
  if (habit < 0.2) {
    return list.map(piece =>
      typeof piece === 'string' ? piece : { ...piece, name: piece.name.toUpperCase() },
    )
  }
  return [...list]
}

/** Writes pieces one after the other and notes where the names come to stand. */
function write(list: readonly Piece[]): Sentence {
  let text = ''
  const names: PlacedName[] = []
  for (const piece of list) {
    const start = text.length
    text += typeof piece === 'string' ? piece : piece.name
    if (typeof piece !== 'string') names.push({ type: piece.type, start, end: text.length })
  }
  return { text, names }
}

/**
 * Makes the text of a post from a template with at most one name, and a second part with one name of its own; prefix,
 * ending, hashtags, links and habits of writing are drawn without regard to the types.
 */
export function composeSentence(draws: Draws, { main, second, nicknames }: SentenceParts): Sentence {
  const body =
    typeof main === 'string' ? pieces(draws, main) : pieces(draws, main.template, main.name, main.type)
  if (typeof body[0] === 'string') body[0] = firstUp(body[0])
  const last = body.at(-1)
  const closed = typeof last === 'string' && /[?!]$/.test(last)
  if (second) {
    if (closed) body[body.length - 1] = last.slice(0, -1)
    const joined = /^[.,]/.test(second.template) ? second.template : ` ${second.template}`
    body.push(...pieces(draws, joined, second.name, second.type))
  }
  const prefix = drawPrefix(draws, nicknames)
  const ending = closed && !second ? '' : draws.pick(endings)
  return write(
    [prefix, ...withHabits(draws, body), ending, drawSuffix(draws, nicknames)].filter(piece => piece !== ''),
  )
}
