/** What decides which jobs are computed together. */
export interface Picked {
  /** How long its text is about. */
  length: number
  /** Whether it is computed by itself: it was under way when a worker ended. */
  alone: boolean
}

/** How large a batch may be. */
export interface BatchLimits {
  posts: number
  /** Of all its texts, each as long as the longest: what a batch costs. */
  length: number
}

/** How many jobs are looked at for ones of like length; those further back wait their turn. */
const LOOKED_AT = 128

/** The next batch: the job that has waited longest, and those behind it that are most alike in length. */
export function pickBatch<One extends Picked>(
  waiting: readonly One[],
  { posts, length }: BatchLimits,
): One[] {
  const [first, ...others] = waiting
  if (!first || first.alone) return first ? [first] : []
  const far = (one: Picked): number => Math.abs(one.length - first.length)
  const alike = others
    .slice(0, LOOKED_AT)
    .filter(({ alone }) => !alone)
    .sort((a, b) => far(a) - far(b))
  const batch = [first]
  let longest = first.length
  for (const one of alike) {
    longest = Math.max(longest, one.length)
    if (batch.length >= posts || (batch.length + 1) * longest > length) break
    batch.push(one)
  }
  return batch
}
