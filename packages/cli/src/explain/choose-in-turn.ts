/**
 * Chooses posts from every kind in turn, so that a rare kind is seen beside a common one: the first post of the first kind, the first
 * of the second and so on, then the next of each; no post twice.
 *
 * @param kindsOf of each post its kinds; a post without one is never chosen
 * @param kinds in the order of their turns
 * @param most how many posts are chosen, or all where there are fewer
 * @returns their places, in the order of the posts
 */
export function chooseInTurn<Kind>(
  kindsOf: readonly ReadonlySet<Kind>[],
  kinds: readonly Kind[],
  most: number,
): number[] {
  const queues = kinds.map(kind => kindsOf.flatMap((own, post) => (own.has(kind) ? [post] : [])))
  const chosen = new Set<number>()
  for (let turn = 0; chosen.size < most && queues.some(queue => queue.length > 0); turn++) {
    const queue = queues[turn % queues.length]!
    // What another kind has taken is passed over.
    while (chosen.has(queue[0]!)) queue.shift()
    const post = queue.shift()
    if (post !== undefined) chosen.add(post)
  }
  return [...chosen].sort((a, b) => a - b)
}
