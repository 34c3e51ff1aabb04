import { expect, test } from 'vitest'
import { packExplanation, unpackExplanation } from '../src/packed-explanation'
import { textRuns } from '../src/view/text-runs'
import { SAMPLES } from './page/sample-explanations'

test('packed and unpacked, an explanation is the same to the eye', () => {
  const { pictured } = SAMPLES
  const packed = packExplanation(pictured)
  expect(JSON.stringify(packed).length).toBeLessThan(JSON.stringify(pictured).length / 5)
  const { words, ...rest } = unpackExplanation(JSON.parse(JSON.stringify(packed)))
  const { words: wanted, ...others } = pictured
  expect(rest).toEqual(others)
  for (const [i, { attention, occlusion, probabilities }] of words.entries()) {
    const { attention: maps, occlusion: hidden, probabilities: all } = wanted[i]!
    const lists = [
      [attention!.mean, maps!.mean],
      ...attention!.heads.map((head, h) => [head, maps!.heads[h]!] as const),
      [occlusion!, hidden!],
    ] as const
    for (const [list, exact] of lists) {
      const most = Math.max(...exact.map(Math.abs))
      // Half a step, and the four digits of the largest.
      for (const [r, value] of list.entries()) expect(Math.abs(value - exact[r]!)).toBeLessThan(most * 0.0045)
    }
    for (const [l, value] of probabilities!.entries()) expect(Math.abs(value - all![l]!)).toBeLessThan(6e-5)
  }
})

test('a text is cut into words, entities and what stands between them, and nothing is lost', () => {
  const flat = (runs: ReturnType<typeof textRuns>, words: readonly { text: string }[]): string =>
    runs
      .map(run =>
        run.kind === 'gap' ? run.text : run.kind === 'word' ? words[run.word]!.text : flat(run.runs, words),
      )
      .join('')
  for (const explanation of Object.values(SAMPLES)) {
    expect(flat(textRuns(explanation), explanation.words)).toBe(explanation.text)
  }
  const { pictured } = SAMPLES
  const entities = textRuns(pictured).flatMap(run =>
    run.kind === 'entity' ? [flat(run.runs, pictured.words)] : [],
  )
  expect(entities).toEqual(['Jordan', 'Velvagon Works'])
})
