import { InvalidArgumentError, permutation } from '@mafjs/tensor'

/** Identifies a picture: equal ids are one picture, `null` or nothing is none. */
export type PictureId = string | number | null | undefined

/** What `chooseExchanges` reads. */
export interface ChooseExchangesOptions {
  /** The picture of every example of the batch. */
  ids: ArrayLike<PictureId>
  /** 1 where an example has a picture; one without an id has none anyway. @default all 1 */
  present?: ArrayLike<number> | undefined
  /** Share of the eligible examples to be exchanged, rounded up. @default 0.25 */
  rate?: number | undefined
  /** How many are exchanged at least, as far as there are that many eligible. @default 2 */
  minimum?: number | undefined
  /** @default 0 */
  seed?: number | undefined
  /** Training step; with the seed it makes every step's choice another. @default 0 */
  step?: number | undefined
}

/**
 * Chooses by seed whose picture every example sees: its own, or for some the picture of another example with another id.
 * Eligible is who has a picture and finds such a partner; the chosen ones exchange among themselves where their ids allow.
 *
 * @returns the partner's index per example; its own index = not exchanged
 * @throws InvalidArgumentError for a rate outside [0, 1], a minimum that is no whole number, or lengths that differ.
 */
export function chooseExchanges({
  ids,
  present,
  rate = 0.25,
  minimum = 2,
  seed = 0,
  step = 0,
}: ChooseExchangesOptions): Int32Array {
  assertShare(rate, minimum)
  if (present && present.length !== ids.length) {
    throw new InvalidArgumentError({
      argument: 'present',
      rule: `must be as long as ids (${ids.length})`,
      received: present.length,
    })
  }
  const partners = Int32Array.from({ length: ids.length }, (_, index) => index)
  const order = permutation(ids.length, { seed, step, site: 'match.exchanges' })
  const pictured = order.filter(index => (ids[index] ?? null) !== null && (present?.[index] ?? 1) > 0)
  const eligible = pictured.filter(index => pictured.some(other => ids[other] !== ids[index]))
  const count = Math.min(eligible.length, Math.max(minimum, Math.ceil(rate * eligible.length)))
  const chosen = eligible.slice(0, count)
  // Sorted by picture and moved on by the largest group, nobody meets an own picture unless one fills over half.
  const groups = new Map<PictureId, number[]>()
  for (const index of chosen) groups.set(ids[index]!, [...(groups.get(ids[index]!) ?? []), index])
  const sorted = [...groups.values()].flat()
  const shift = Math.max(0, ...[...groups.values()].map(group => group.length))
  for (const [place, index] of sorted.entries()) {
    const partner = sorted[(place + shift) % sorted.length]!
    const others = pictured.filter(other => ids[other] !== ids[index])
    partners[index] = ids[partner] === ids[index] ? others[place % others.length]! : partner
  }
  return partners
}

/** Refuses a rate outside [0, 1] and a minimum that is no whole number. */
export function assertShare(rate: number, minimum: number): void {
  if (!(rate >= 0 && rate <= 1)) {
    throw new InvalidArgumentError({ argument: 'rate', rule: 'must be in [0, 1]', received: rate })
  }
  if (!Number.isInteger(minimum) || minimum < 0) {
    throw new InvalidArgumentError({
      argument: 'minimum',
      rule: 'must be a whole number, 0 or more',
      received: minimum,
    })
  }
}

/** Who is exchanged with whom, and what each example is labelled: 1 matched, 0 not. */
export interface LabelledExchanges {
  partners: Int32Array
  labels: Float32Array
}

/**
 * The published code's rule: of the last `count` examples the first half is exchanged with the second, i with i + k.
 * With an odd count the very last is labelled 0 though it keeps its picture; a batch of `count` or fewer has no negatives.
 *
 * @param count how many are labelled 0; `null` is none
 * @throws InvalidArgumentError for a count that is no whole number.
 */
export function publishedExchanges(batch: number, count: number | null): LabelledExchanges {
  assertCount(count)
  const partners = Int32Array.from({ length: batch }, (_, index) => index)
  const labels = new Float32Array(batch).fill(1)
  if (count === null || batch <= count) return { partners, labels }
  const start = batch - count
  const half = Math.floor(count / 2)
  labels.fill(0, start)
  for (let index = start; index < start + half; index++) {
    partners[index] = index + half
    partners[index + half] = index
  }
  return { partners, labels }
}

/** Refuses a count that is neither `null` nor a whole number. */
export function assertCount(count: number | null): void {
  if (count !== null && (!Number.isInteger(count) || count < 0)) {
    throw new InvalidArgumentError({
      argument: 'count',
      rule: 'must be null or a whole number, 0 or more',
      received: count,
    })
  }
}
