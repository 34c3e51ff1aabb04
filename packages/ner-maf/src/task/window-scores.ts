import type { HostArray } from '@mafjs/compile'
import type { WindowRow } from '@mafjs/data'
import type { WordTokenizer } from '@mafjs/encoders'
import type { WordPlace } from '@mafjs/explain'
import type { BatchArrays } from '../model/batch-arrays'
import type { MafConfig } from '../model/config'
import { type WordMaps, wordMaps } from './word-maps'

/** What the model says of the own words of a window. */
export interface WindowScores {
  /** `[steps, labels]`: the window's part of the steps that the CRF takes through the post. */
  emissions: Float32Array
  /** The step each word begins at, counted from the window's first. */
  starts: number[]
  /** The step after the last word. */
  end: number
  /** Probability that text and picture belong together; null without a picture or a matching module. */
  match: number | null
  /** What the model looked at for each own word, where that was asked for. */
  maps?: WordMaps[]
}

/** What a batch's outputs are read with. */
export interface WindowScoresOptions {
  config: Pick<MafConfig, 'steps'>
  tokenizer: WordTokenizer
  /** The pictures of the batch. */
  image: BatchArrays['image']
  /** Whether they come with maps, as far as the outputs have some. @default false */
  explain?: boolean | undefined
}

/** The part of a window's steps that the post's chain takes from it. */
type Stretch = Pick<WindowScores, 'starts' | 'end'> & { from: number; to: number }

function wordSteps({ words }: WindowRow): Stretch {
  return { starts: Array.from({ length: words }, (_, word) => word), end: words, from: 0, to: words }
}

function pieceSteps({ example, own, isFirst, isLast }: WindowRow, tokenizer: WordTokenizer): Stretch {
  const { ids, firstPieces } = tokenizer.encodeWords(example.words)
  const [length, kept] = [ids.length, firstPieces.length]
  const stepOf = (word: number): number => (word < kept ? firstPieces[word]! : length - 1)
  // [CLS] and [SEP] are steps too: those of the ends of the text.
  const from = isFirst ? 0 : stepOf(own.start)
  const to = isLast ? length : stepOf(own.end)
  const words = Array.from({ length: Math.min(own.end, kept) - own.start }, (_, word) => own.start + word)
  const starts = words.map(word => stepOf(word) - from)
  return { starts, end: stepOf(own.start + words.length) - from, from, to }
}

/** The first piece of each own word. */
function wordPlaces({ example, own }: WindowRow, row: number, tokenizer: WordTokenizer): WordPlace[] {
  const { firstPieces } = tokenizer.encodeWords(example.words)
  return Array.from(firstPieces.slice(own.start, own.end), token => ({ row, token }))
}

/** Of each row of a batch, whether it has a picture. */
export function presentRows(image: BatchArrays['image'], rows: number): boolean[] {
  const flags = image && ('choice' in image ? image.choice : image.mask)
  const numbers = flags ? flags.data.length / rows : 0
  return Array.from(
    { length: rows },
    (_, row) => !!flags && flags.data.subarray(row * numbers, (row + 1) * numbers).some(one => one > 0),
  )
}

/** What the model says of the windows of a batch, from the numbers of its outputs. */
export function windowScores(
  { emissions, match, ...maps }: Record<string, HostArray>,
  rows: readonly WindowRow[],
  { config, tokenizer, image, explain = false }: WindowScoresOptions,
): WindowScores[] {
  const [, positions, labels] = emissions!.shape as [number, number, number]
  const scores = emissions!.data as Float32Array
  const present = presentRows(image, rows.length)
  return rows.map((row, place) => {
    const { starts, end, from, to } = config.steps === 'words' ? wordSteps(row) : pieceSteps(row, tokenizer)
    return {
      emissions: scores.subarray((place * positions + from) * labels, (place * positions + to) * labels),
      starts,
      end,
      match: match && present[place] ? Number(match.data[place]) : null,
      ...(explain && { maps: wordMaps(present[place] ? maps : {}, wordPlaces(row, place, tokenizer)) }),
    }
  })
}
