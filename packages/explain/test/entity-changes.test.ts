import { expect, test } from 'vitest'
import { type ExplainedEntity, entityChanges } from '../src'

const entity = (type: string, start: number, end: number, score: number): ExplainedEntity => ({
  ...{ type, start, end, score },
  text: 'x'.repeat(end - start),
})

test('tells what another reading of a text changes, in its order', () => {
  const rob = entity('PER', 0, 3, 0.9)
  const oslo = entity('LOC', 10, 14, 0.8)
  const same = entity('ORG', 20, 24, 0.7)
  const before = [rob, oslo, same]
  const after = [entity('MISC', 0, 3, 0.6), entity('PER', 5, 8, 0.5), same]
  expect(entityChanges(before, after)).toEqual([
    { kind: 'type', before: rob, after: after[0] },
    { kind: 'new', before: null, after: after[1] },
    { kind: 'gone', before: oslo, after: null },
  ])
  expect(entityChanges([rob], [{ ...rob, score: 0.5 }])).toEqual([
    { kind: 'score', before: rob, after: { ...rob, score: 0.5 } },
  ])
  expect(entityChanges(before, before)).toEqual([])
})
