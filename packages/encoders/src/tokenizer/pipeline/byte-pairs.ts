import { asText } from '@mafjs/tensor/json'
import type { TokenizerJson } from '../tokenizer-json'
import type { Encode } from './word-piece'

/** A pair that may be merged: the rank of its merge, and where its left piece stands. */
interface Merge {
  rank: number
  at: number
}

const before = (a: Merge, b: Merge): boolean => a.rank < b.rank || (a.rank === b.rank && a.at < b.at)

/** The merges to come, the most frequent pair first and the leftmost of equals: a binary heap. */
class MergeQueue {
  readonly #items: Merge[] = []

  push(item: Merge): void {
    const items = this.#items
    let place = items.length
    for (
      let parent = (place - 1) >> 1;
      place > 0 && before(item, items[parent]!);
      parent = (place - 1) >> 1
    ) {
      items[place] = items[parent]!
      place = parent
    }
    items[place] = item
  }

  pop(): Merge | undefined {
    const items = this.#items
    const [first] = items
    const last = items.pop()
    if (items.length === 0 || !last) return first
    let place = 0
    for (let child = 1; child < items.length; child = 2 * place + 1) {
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++
      if (!before(items[child]!, last)) break
      items[place] = items[child]!
      place = child
    }
    items[place] = last
    return first
  }
}

/** In place of the next piece of one that is no longer there. */
const GONE = -1

/**
 * Byte-pair encoding (Sennrich et al. 2016): characters, of which the pair that was most frequent in training is merged, again and
 * again. A heap of pairs makes a long word as quick as many short ones.
 */
export function bytePairs(
  { model }: TokenizerJson,
  vocab: ReadonlyMap<string, number>,
  unknown: number | undefined,
): Encode {
  const prefix = asText(model['continuing_subword_prefix'] ?? '')
  const suffix = asText(model['end_of_word_suffix'] ?? '')
  const merges = (model['merges'] ?? []) as readonly (string | readonly [string, string])[]
  // A later line of the same pair counts, as where they are kept by pair.
  const ranks = new Map(
    merges.map((merge, rank) => [typeof merge === 'string' ? merge : merge.join(' '), rank] as const),
  )
  const idsOf = (piece: string): number[] => {
    const id = vocab.get(piece) ?? unknown
    return id === undefined ? [] : [id]
  }
  return text => {
    if (model['ignore_merges'] === true && vocab.has(text)) return idsOf(text)
    const pieces = Array.from(text)
    const count = pieces.length
    for (let i = 1; i < count && prefix !== ''; i++) pieces[i] = prefix + pieces[i]
    if (count > 0) pieces[count - 1] += suffix
    const next = Int32Array.from(pieces, (_, i) => i + 1)
    const previous = Int32Array.from(pieces, (_, i) => i - 1)
    const queue = new MergeQueue()
    const rankOf = (at: number): number | undefined =>
      next[at]! < count ? ranks.get(`${pieces[at]} ${pieces[next[at]!]}`) : undefined
    const consider = (at: number): void => {
      const rank = at < 0 ? undefined : rankOf(at)
      if (rank !== undefined) queue.push({ rank, at })
    }
    for (let i = 0; i < count; i++) consider(i)
    for (let item = queue.pop(); item; item = queue.pop()) {
      const { at, rank } = item
      // Where a piece was merged meanwhile, the pair is another; one that went into its left neighbour has no next.
      if (next[at] === GONE || rankOf(at) !== rank) continue
      const right = next[at]!
      pieces[at] += pieces[right]!.slice(prefix.length)
      next[at] = next[right]!
      if (next[right]! < count) previous[next[right]!] = at
      next[right] = GONE
      consider(previous[at]!)
      consider(at)
    }
    const ids: number[] = []
    for (let at = 0; at < count; at = next[at]!) {
      for (const id of idsOf(pieces[at]!)) {
        if (model['fuse_unk'] !== true || id !== unknown || ids.at(-1) !== unknown) ids.push(id)
      }
    }
    return ids
  }
}
