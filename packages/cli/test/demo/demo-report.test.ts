import { createDemoCorpus, showcasePosts } from '@mafjs/demo-corpus'
import type { TaggedPost } from '@mafjs/ner-maf'
import { expect, test } from 'vitest'
import { demoConclusion, demoIntroduction, demoTable, gapClosed } from '../../src/demo/demo-report'
import { describeShowcase } from '../../src/demo/demo-showcase'
import type { DemoVariant } from '../../src/demo/demo-variants'
import type { VariantResult } from '../../src/demo/train-variant'

const { ceilings } = createDemoCorpus({ train: 0, valid: 0, test: 200 })
const report = (f1: number) => ({ strict: { micro: { f1 } } }) as VariantResult['test']
const result = (variant: DemoVariant, seed: number, f1: number): VariantResult => ({
  variant,
  seed,
  test: report(f1),
  byKind: { text: f1, picture: f1 / 2, mismatch: 0 },
  ...(variant === 'MAF' && {
    shuffled: report(f1 - 0.3),
    match: { matching: 0.8, misleading: 0.4 + seed / 10 },
  }),
  seconds: 1,
})
const figures = {
  results: [
    result('MAF', 1, 0.9),
    result('MAF', 2, 0.8),
    result('text only', 1, 0.6),
    result('text only', 2, 0.6),
  ],
  ceilings: { ...ceilings.test, textOnly: 0.7, pictureTrusted: 0.85, textAndPicture: 1 },
}

test('the table is Markdown: means and deviations, text only first, then the ceilings', () => {
  expect(demoTable(figures)).toBe(
    [
      '| strict F1, %                    | all posts | text decides | picture decides | picture misleads |',
      '|---------------------------------|----------:|-------------:|----------------:|-----------------:|',
      '| text only                       | 60.0 ±0.0 |    60.0 ±0.0 |       30.0 ±0.0 |         0.0 ±0.0 |',
      '| MAF                             | 85.0 ±7.1 |    85.0 ±7.1 |       42.5 ±3.5 |         0.0 ±0.0 |',
      '| MAF, every picture exchanged    | 55.0 ±7.1 |              |                 |                  |',
      '| ceiling of text only            |      70.0 |              |                 |                  |',
      '| ceiling, every picture believed |      85.0 |              |                 |                  |',
      '| ceiling of text + picture       |     100.0 |              |                 |                  |',
    ].join('\n'),
  )
})

test('the gap closed is from the text-only twin of the same seed to the ceiling', () => {
  expect(gapClosed(figures).map(share => share.toFixed(3))).toEqual(['0.750', '0.500'])
  const conclusion = demoConclusion(figures)
  expect(conclusion).toContain(
    'MAF closes 63 % of the gap from text only to the ceiling of text + picture (seed by seed: 75 %, 50 %).',
  )
  expect(conclusion).toContain('with 80.0 % where they do, with 55.0 % where the picture misleads')
})

test('the introduction prints the ceilings and what mean colour tells', () => {
  const size = { train: 1, valid: 2, test: 3, epochs: 4 }
  const probe = { accuracy: 0.262, chance: 0.25 }
  const outline = { size, quick: false, seeds: [1, 2, 3], ceilings: figures.ceilings, probe }
  const shown = demoIntroduction({ ...outline, pictures: 'cnn' })
  for (const said of [/at most 70\.0 % F1/, /believes every picture 85\.0 %/, /believe 100\.0 %/]) {
    expect(shown).toMatch(said)
  }
  expect(shown).toMatch(/names 26\.2 % of the pictures' types, a guess 25\.0 %/)
  expect(shown).toMatch(
    /4 epochs, 3 seeds.*a CNN, trained too.*about 4 minutes on two fast cores, three times that on slow ones\.$/s,
  )
  const quick = demoIntroduction({ ...outline, quick: true, seeds: [1], pictures: 'patches' })
  expect(quick).toMatch(
    /one seed.*a patch encoder, since tfjs.*about 3 minutes on two fast cores, three times that on slow ones: enough/s,
  )
  for (const line of shown.split('\n')) expect(line.length).toBeLessThan(160)
})

test('a post tells what is meant and by what, and whether MAF is right', () => {
  const posts = showcasePosts()
  const asMeant = posts.map(
    ({ entities, image }): TaggedPost => ({
      labels: [],
      entities: entities.map(entity => ({ ...entity, score: 0.5 })),
      match: image === undefined ? null : 0.75,
      cutWords: 0,
      windows: 1,
    }),
  )
  const right = describeShowcase(posts, asMeant).split('\n')
  expect(right).toHaveLength(3 * posts.length)
  expect(right.filter(line => line.includes(', right'))).toHaveLength(posts.length)
  expect(right.slice(3, 6)).toEqual([
    '  Siri beside a portrait: "Siri needs new batteries, this speaker is dead again"',
    '    truth: Siri MISC (told by the words, while the picture misleads)',
    '    MAF:   Siri MISC 50.0 %, right; text and picture belong together: 75.0 %',
  ])
  expect(right.at(-5)).toBe('    truth: Loren PER (told only by the picture), Norden LOC (told by the words)')
  expect(right.at(-1)).toBe('    MAF:   Melina ORG 50.0 %, right')
  const nothing = asMeant.map(post => ({ ...post, entities: [] }))
  expect(describeShowcase(posts, nothing).split('\n').at(-1)).toBe('    MAF:   no name, wrong')
})
