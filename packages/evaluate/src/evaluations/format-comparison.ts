import { markdownTable, percent, points, pValue, spread } from '../markdown-table'
import type { Comparison } from './compare-runs'

/** Two models side by side, in Markdown. */
export function formatComparison(comparison: Comparison): string {
  const { a, b, dataFingerprint, sentences, rounds, seed, seeds, notes } = comparison
  const rules = ['strict', 'lenient'] as const
  const overSentences = markdownTable(
    ['F1, %', 'A', 'B', 'B - A', '95 % interval', 'p, bootstrap', 'p, randomisation'],
    rules.map(rule => {
      const { f1, difference, interval, bootstrap, randomization } = comparison[rule]
      return [
        rule,
        percent(f1.a),
        percent(f1.b),
        points(difference),
        `${points(interval[0])} to ${points(interval[1])}`,
        pValue(bootstrap, 1 / rounds),
        pValue(randomization),
      ]
    }),
  )
  const several = a.seeds.length > 1 ? ', the counts of all seeds together' : ''
  const blocks = [
    '# Comparison',
    [
      `- A: ${a.name}, seed ${a.seeds.join(', ')}`,
      `- B: ${b.name}, seed ${b.seeds.join(', ')}`,
      `- on ${sentences} sentences, ${dataFingerprint}`,
      ...notes.map(note => `- ${note}`),
    ].join('\n'),
    `## Over sentences${several}`,
    overSentences,
    `${rounds} rounds, seed ${seed}. Bootstrap: one-sided, share of samples whose gain is more than twice this one.\nRandomisation: two-sided, (r + 1) / (rounds + 1).`,
  ]
  if (seeds) {
    const { splits, exact, floor } = seeds.strict
    blocks.push(
      '## Over seeds',
      markdownTable(
        ['F1, %: mean ± deviation', 'A', 'B', 'B - A', 'p, permutation'],
        rules.map(rule => {
          const test = seeds[rule]
          return [rule, spread(test.a), spread(test.b), points(test.difference), pValue(test.p)]
        }),
      ),
      `${exact ? 'All' : 'Drawn:'} ${splits} ways of dealing the runs out; the smallest p they can give is ${pValue(floor)}.`,
    )
  }
  return blocks.join('\n\n')
}
