import { expect, it } from 'vitest'
import { createDemoCorpus, type DemoPost, demoCeilings, demoTypes } from '../src'

/** Strict F1 of predicted labels by its definition, from the sets of typed spans. */
function strictF1(posts: readonly DemoPost[], predict: (post: DemoPost) => string[]): number {
  const spans = (labels: readonly string[], post: number) => {
    const set = new Set<string>()
    for (let i = 0; i < labels.length; i++) {
      if (!labels[i]!.startsWith('B-')) continue
      let end = i + 1
      while (labels[end] === labels[i]!.replace('B-', 'I-')) end++
      set.add(`${post} ${i} ${end} ${labels[i]!.slice(2)}`)
    }
    return [...set]
  }
  const gold = new Set(posts.flatMap((post, i) => spans(post.labels, i)))
  const found = posts.flatMap((post, i) => spans(predict(post), i))
  const right = found.filter(span => gold.has(span)).length
  const precision = right / found.length
  const recall = right / gold.size
  return (2 * precision * recall) / (precision + recall)
}

/** The labels with another type on the first name. */
function retyped(post: DemoPost, type: string | undefined): string[] {
  const [first] = post.entities
  if (!first || !type) return post.labels
  return post.labels.map((label, i) => (i >= first.start && i < first.end ? label.slice(0, 2) + type : label))
}

it.each([1, 2, 3])('are what the best reader of each kind reaches (seed %i)', seed => {
  const { test: posts, ceilings } = createDemoCorpus({ seed, train: 0, valid: 0, test: 470 })
  const guesses = demoTypes.map(type =>
    strictF1(posts, post => (post.kind === 'picture' ? retyped(post, type) : post.labels)),
  )
  expect(ceilings.test.textOnly).toBeCloseTo(Math.max(...guesses), 12)
  expect(ceilings.test.pictureTrusted).toBeCloseTo(
    strictF1(posts, post => retyped(post, post.pictureClass)),
    12,
  )
  expect(ceilings.test.textAndPicture).toBe(strictF1(posts, post => post.labels))
  expect(ceilings.test.textOnly).toBeGreaterThan(0.65)
  expect(ceilings.test.textOnly).toBeLessThan(0.74)
  expect(ceilings.test.pictureTrusted).toBeGreaterThan(0.8)
  expect(ceilings.test.pictureTrusted).toBeLessThan(0.88)
})

it('are 1 for no posts', () => {
  expect(demoCeilings([])).toMatchObject({ entities: 0, textOnly: 1, textAndPicture: 1 })
})
