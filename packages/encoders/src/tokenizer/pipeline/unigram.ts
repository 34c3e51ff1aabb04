import type { Encode } from './word-piece'

/** How much worse an unknown character is than the rarest piece, as in SentencePiece. */
const UNKNOWN_PENALTY = 10

/** A node of the tree of pieces: by the next code unit. */
interface Node {
  next: Map<number, Node>
  id: number
}

const newNode = (): Node => ({ next: new Map(), id: -1 })

/**
 * Unigram (Kudo 2018): the most probable way to cut a text, found from left to right. It takes a time that grows with the text,
 * since no piece is longer than the longest of the vocabulary.
 *
 * @param vocab pieces with their log probabilities, by id
 */
export function unigram(vocab: readonly (readonly [string, number])[], unknown: number): Encode {
  const root = newNode()
  let lowest = Number.POSITIVE_INFINITY
  for (const [id, [piece, score]] of vocab.entries()) {
    if (score < lowest) lowest = score
    let node = root
    for (let i = 0; i < piece.length; i++) {
      const unit = piece.charCodeAt(i)
      let child = node.next.get(unit)
      if (!child) {
        child = newNode()
        node.next.set(unit, child)
      }
      node = child
    }
    if (piece !== '') node.id = id
  }
  const unknownScore = lowest - UNKNOWN_PENALTY
  return text => {
    const best = new Float64Array(text.length + 1).fill(Number.NEGATIVE_INFINITY)
    const from = new Int32Array(text.length + 1)
    const ids = new Int32Array(text.length + 1)
    best[0] = 0
    const reach = (start: number, end: number, score: number, id: number): void => {
      if (best[start]! + score <= best[end]!) return
      best[end] = best[start]! + score
      from[end] = start
      ids[end] = id
    }
    for (let start = 0; start < text.length; ) {
      const width = text.codePointAt(start)! > 0xffff ? 2 : 1
      let node: Node | undefined = root
      let isWhole = false
      for (let end = start; end < text.length; ) {
        node = node.next.get(text.charCodeAt(end++))
        if (!node) break
        if (node.id < 0) continue
        reach(start, end, vocab[node.id]![1], node.id)
        if (end === start + width) isWhole = true
      }
      if (!isWhole) reach(start, start + width, unknownScore, unknown)
      start += width
    }
    const pieces: number[] = []
    for (let end = text.length; end > 0; end = from[end]!) {
      // Unknown characters beside each other are one.
      if (ids[end] !== unknown || pieces.at(-1) !== unknown) pieces.push(ids[end]!)
    }
    return pieces.reverse()
  }
}
