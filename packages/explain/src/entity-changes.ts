import type { EntityChange, ExplainedEntity } from './explanation'

/** Changes of the score below this are none. */
const NOTHING = 1e-9

/**
 * What differs between two readings of the same text, entity by entity, in the order of the text.
 *
 * @param before the entities of the first reading
 * @param after those of the second
 */
export function entityChanges(
  before: readonly ExplainedEntity[],
  after: readonly ExplainedEntity[],
): EntityChange[] {
  const spanOf = ({ start, end }: ExplainedEntity): string => `${start}-${end}`
  const left = new Map(after.map(entity => [spanOf(entity), entity]))
  const changes: EntityChange[] = []
  for (const entity of before) {
    const other = left.get(spanOf(entity))
    left.delete(spanOf(entity))
    if (!other) changes.push({ kind: 'gone', before: entity, after: null })
    else if (other.type !== entity.type) changes.push({ kind: 'type', before: entity, after: other })
    else if (Math.abs(other.score - entity.score) > NOTHING)
      changes.push({ kind: 'score', before: entity, after: other })
  }
  for (const entity of left.values()) changes.push({ kind: 'new', before: null, after: entity })
  const placeOf = ({ before, after }: EntityChange): number => (before ?? after)!.start
  return changes.sort((a, b) => placeOf(a) - placeOf(b))
}
