import { InvalidArgumentError } from '@mafjs/tensor/errors'
import { readJsonText } from '@mafjs/tensor/json'
import type { Counts } from '../entities/scores'
import { countSpans } from '../entities/sentence-counts'
import { extractSpans, type Span } from '../entities/spans'

/** Gold and predicted entities of one sentence under one rule. */
export interface EntityPair {
  gold: Span[]
  predicted: Span[]
}

/** One line of `predictions.jsonl`: one sentence. */
export interface Prediction {
  id: string
  /** The words; left out unless they were asked for. */
  words?: string[]
  /** How many words there are. */
  length: number
  /** By the strict rule; start and end count words, end is exclusive. */
  gold: Span[]
  predicted: Span[]
  /** By the lenient rule, where that gives others. */
  lenient?: EntityPair
  /** Probability that text and picture belong together; null without a picture or a matching module. */
  match: number | null
}

/** What a prediction is made of. */
export interface PredictionInputs {
  id: string
  words: readonly string[]
  gold: readonly string[]
  predicted: readonly string[]
  match: number | null
}

const same = (one: readonly Span[], other: readonly Span[]): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

/**
 * One sentence with its gold and predicted labels as entities.
 *
 * @param withWords whether the words go along, which is text of the data set
 */
export function predictionOf(
  { id, words, gold, predicted, match }: PredictionInputs,
  withWords = false,
): Prediction {
  const pair = (rule: 'strict' | 'lenient'): EntityPair => ({
    gold: extractSpans(gold, rule),
    predicted: extractSpans(predicted, rule),
  })
  const strict = pair('strict')
  const lenient = pair('lenient')
  const differs = !same(strict.gold, lenient.gold) || !same(strict.predicted, lenient.predicted)
  return {
    id,
    ...(withWords && { words: [...words] }),
    length: words.length,
    ...strict,
    ...(differs && { lenient }),
    match,
  }
}

/** The counts of a sentence under a rule. */
export function countsOf(prediction: Prediction, rule: 'strict' | 'lenient'): Counts {
  const { gold, predicted } = (rule === 'lenient' && prediction.lenient) || prediction
  return countSpans(gold, predicted)
}

const isSpan = (value: unknown): boolean => {
  const { type, start, end } = (value ?? {}) as Partial<Span>
  return typeof type === 'string' && Number.isInteger(start) && Number.isInteger(end) && start! < end!
}

const isPair = (value: unknown): boolean => {
  const { gold, predicted } = (value ?? {}) as Partial<EntityPair>
  return [gold, predicted].every(list => Array.isArray(list) && list.every(isSpan))
}

/**
 * Reads `predictions.jsonl`.
 *
 * @param file its name, for errors
 * @throws InvalidArgumentError naming file and line of what is no prediction.
 */
export function parsePredictions(text: string, file: string): Prediction[] {
  const lines = text.split('\n').filter(line => line !== '')
  return lines.map((line, index) => {
    let value: Partial<Prediction> | undefined
    try {
      value = readJsonText(line) as Partial<Prediction>
    } catch {
      value = undefined
    }
    const { id, lenient } = value ?? {}
    if (typeof id === 'string' && isPair(value) && (lenient === undefined || isPair(lenient))) {
      return value as Prediction
    }
    throw new InvalidArgumentError({
      argument: `${file}:${index + 1}`,
      rule: 'must be { id, gold, predicted } of one sentence',
      received: line.length > 80 ? `${line.slice(0, 80)}...` : line,
      fix: 'Evaluate again, and write the folder anew.',
    })
  })
}
