import { assertPaired, type LabelPair } from './scores'
import { extractSpans, type Span } from './spans'

/** What becomes of a gold entity and the predicted one it is paired with. */
export const PAIR_CLASSES = ['correct', 'type', 'boundary', 'boundaryAndType'] as const

/** One of `PAIR_CLASSES`, or an entity that is paired with none. */
export type ErrorClass = (typeof PAIR_CLASSES)[number] | 'missed' | 'spurious'

/** What the classes are called and mean, in the order of reports. */
export const ERROR_CLASSES: Readonly<Record<ErrorClass, { title: string; meaning: string }>> = {
  correct: { title: 'correct', meaning: 'type and borders are right' },
  type: { title: 'type', meaning: 'same borders, another type' },
  boundary: { title: 'boundary', meaning: 'same type, overlapping, other borders' },
  boundaryAndType: {
    title: 'boundary and type',
    meaning: 'overlapping, other borders and another type',
  },
  missed: { title: 'missed', meaning: 'gold, overlapped by no prediction that is left for it' },
  spurious: { title: 'spurious', meaning: 'predicted, overlapping no gold entity that is left for it' },
}

/** A gold and a predicted entity that belong together, or one that is alone. */
export interface SpanMatch {
  class: ErrorClass
  /** Absent where the predicted entity is spurious. */
  gold?: Span
  /** Absent where the gold entity is missed. */
  predicted?: Span
}

/** How many entities are of each class; without spurious they add up to gold, without missed to predicted. */
export type ErrorCounts = Record<ErrorClass, number>

/** Which errors a model makes, under the strict rule. */
export interface ErrorReport {
  counts: ErrorCounts
  /** `[gold type][predicted type]`: how many entities with the same borders; the diagonal is right. */
  confusion: Record<string, Record<string, number>>
}

interface Pair {
  gold: number
  predicted: number
  class: (typeof PAIR_CLASSES)[number]
  /** Words in both. */
  shared: number
}

function classOf(gold: Span, predicted: Span): Pair['class'] {
  const sameType = gold.type === predicted.type
  if (gold.start === predicted.start && gold.end === predicted.end) return sameType ? 'correct' : 'type'
  return sameType ? 'boundary' : 'boundaryAndType'
}

/** Every two entities that share a word, by gold and then predicted. */
function overlaps(gold: readonly Span[], predicted: readonly Span[]): Pair[] {
  return gold.flatMap((one, g) =>
    predicted.flatMap((other, p) => {
      const shared = Math.min(one.end, other.end) - Math.max(one.start, other.start)
      return shared > 0 ? [{ gold: g, predicted: p, class: classOf(one, other), shared }] : []
    }),
  )
}

/** What a choice of pairs is worth: how many are of each class, then how many words they share. */
type Worth = readonly number[]

const worthOf = (pair: Pair): Worth => [
  ...PAIR_CLASSES.map(name => (name === pair.class ? 1 : 0)),
  pair.shared,
]

/** Whether one is worth more than another: the first number in which they differ decides. */
function isMore(one: Worth, other: Worth): boolean {
  const place = one.findIndex((value, i) => value !== other[i])
  return place >= 0 && one[place]! > other[place]!
}

/**
 * The best choice of pairs with no entity in two of them. Neither gold nor predicted entities overlap one another, so pairs in
 * order step forward on one side at a time: pairs with an entity in common stand side by side, and whatever goes with
 * the pair chosen last goes with all chosen before.
 */
function choosePairs(pairs: readonly Pair[]): Pair[] {
  type Choice = { worth: Worth; pair?: Pair; before?: Choice }
  const nothing: Choice = { worth: new Array<number>(PAIR_CLASSES.length + 1).fill(0) }
  const choices = [nothing]
  for (const pair of pairs) {
    let before = nothing
    for (const choice of choices) {
      const { pair: last } = choice
      const fits = !last || (last.gold !== pair.gold && last.predicted !== pair.predicted)
      if (fits && isMore(choice.worth, before.worth)) before = choice
    }
    const added = worthOf(pair)
    choices.push({ worth: before.worth.map((value, i) => value + added[i]!), pair, before })
  }
  let best: Choice | undefined = choices.reduce((most, choice) =>
    isMore(choice.worth, most.worth) ? choice : most,
  )
  const chosen: Pair[] = []
  for (; best?.pair; best = best.before) chosen.unshift(best.pair)
  return chosen
}

/**
 * Pairs the gold and the predicted entities of one sentence, each with at most one that shares a word with it. Of all such
 * pairings it is the one with the most correct pairs, then the most of the same borders and another type, then the most
 * of the same type and other borders, then the most pairs, then the most shared words; the leftmost of equals.
 *
 * @param gold entities of one sentence, in order, none overlapping another; so `predicted`
 */
export function matchSpans(gold: readonly Span[], predicted: readonly Span[]): SpanMatch[] {
  const chosen = choosePairs(overlaps(gold, predicted))
  const paired = chosen.map(
    (pair): SpanMatch => ({
      class: pair.class,
      gold: gold[pair.gold]!,
      predicted: predicted[pair.predicted]!,
    }),
  )
  const missed = gold.filter((_, g) => chosen.every(pair => pair.gold !== g))
  const spurious = predicted.filter((_, p) => chosen.every(pair => pair.predicted !== p))
  return [
    ...paired,
    ...missed.map((span): SpanMatch => ({ class: 'missed', gold: span })),
    ...spurious.map((span): SpanMatch => ({ class: 'spurious', predicted: span })),
  ]
}

/**
 * Sorts the entities of labelled sentences into right ones and kinds of errors, by the strict rule.
 *
 * @throws InvalidArgumentError when gold and prediction do not have the same sentences and lengths, or for a label of
 * another scheme.
 */
export function classifyErrors({ gold, predicted }: LabelPair): ErrorReport {
  assertPaired({ gold, predicted })
  const counts: ErrorCounts = { correct: 0, type: 0, boundary: 0, boundaryAndType: 0, missed: 0, spurious: 0 }
  const confusion = new Map<string, Map<string, number>>()
  for (const [sentence, labels] of gold.entries()) {
    const spans = extractSpans(labels, 'strict')
    for (const match of matchSpans(spans, extractSpans(predicted[sentence]!, 'strict'))) {
      counts[match.class]++
      if (match.class !== 'correct' && match.class !== 'type') continue
      const row = confusion.get(match.gold!.type) ?? new Map<string, number>()
      confusion.set(
        match.gold!.type,
        row.set(match.predicted!.type, (row.get(match.predicted!.type) ?? 0) + 1),
      )
    }
  }
  const rows = [...confusion].map(([type, row]) => [type, Object.fromEntries(row)] as const)
  return { counts, confusion: Object.fromEntries(rows) }
}
