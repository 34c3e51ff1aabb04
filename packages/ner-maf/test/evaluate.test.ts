import { readFileSync } from 'node:fs'
import {
  conllevalReport,
  evaluateLabels,
  extractSpans,
  formatReport,
  scoreLabels,
  tokenAccuracy,
} from '@mafjs/evaluate'
import { describe, expect, test } from 'vitest'

const rows = (text: string): string[][] => text.split(' | ').map(row => row.split(' ').filter(Boolean))

describe('worked by hand', () => {
  // Gold: PER[0,2) LOC[3,4) | PER[0,1), and I-LOC at [1,2) if lenient. Predicted: PER[0,2) LOC[2,4) | PER[0,1) LOC[1,2).
  const pair = {
    gold: rows('B-PER I-PER O B-LOC | B-PER I-LOC'),
    predicted: rows('B-PER I-PER B-LOC I-LOC | B-PER B-LOC'),
  }
  const report = evaluateLabels(pair)

  test('counts and scores under both rules', () => {
    expect(report).toMatchObject({ sentences: 2, tokens: 6, tokenAccuracy: 3 / 6 })
    expect(report.strict).toMatchObject({
      rule: 'strict',
      micro: { support: 3, predicted: 4, correct: 2, precision: 1 / 2, recall: 2 / 3, f1: 4 / 7 },
      macro: { precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 },
      weighted: { precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 },
      perType: {
        LOC: { support: 1, predicted: 2, correct: 0, precision: 0, recall: 0, f1: 0 },
        PER: { support: 2, predicted: 2, correct: 2, precision: 1, recall: 1, f1: 1 },
      },
    })
    expect(report.lenient).toMatchObject({
      rule: 'lenient',
      micro: { support: 4, predicted: 4, correct: 3, precision: 3 / 4, recall: 3 / 4, f1: 3 / 4 },
      perType: { LOC: { support: 2, predicted: 2, correct: 1, f1: 1 / 2 } },
    })
    expect(Object.keys(report.strict.perType)).toEqual(['LOC', 'PER'])
  })

  test('the report is plain JSON, and its table names both rules', () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report)
    expect(formatReport(report)).toBe(
      [
        '2 sentences, 6 tokens, token accuracy 50.00 %',
        '',
        'strict (IOB2): only B- opens an entity',
        '         precision    recall        F1      gold predicted   correct',
        'LOC           0.00      0.00      0.00         1         2         0',
        'PER         100.00    100.00    100.00         2         2         2',
        'micro        50.00     66.67     57.14         3         4         2',
        'macro        50.00     50.00     50.00',
        'weighted     66.67     66.67     66.67',
        '',
        'lenient (CoNLL): an I- that continues no entity opens one',
        '         precision    recall        F1      gold predicted   correct',
        'LOC          50.00     50.00     50.00         2         2         1',
        'PER         100.00    100.00    100.00         2         2         2',
        'micro        75.00     75.00     75.00         4         4         3',
        'macro        75.00     75.00     75.00',
        'weighted     75.00     75.00     75.00',
      ].join('\n'),
    )
  })

  test('conlleval: every type of either side, a tie rounded to the even hundredth', () => {
    // 1 of 32 tokens is right: 3.125 %, which C prints as 3.12 and toFixed as 3.13.
    const gold = [['B-LOC', ...new Array<string>(31).fill('O')]]
    const predicted = [['B-LOC', ...new Array<string>(31).fill('B-PER')]]
    expect(conllevalReport({ gold, predicted })).toBe(
      'processed 32 tokens with 1 phrases; found: 32 phrases; correct: 1.\n' +
        'accuracy:   3.12%; precision:   3.12%; recall: 100.00%; FB1:   6.06\n' +
        '              LOC: precision: 100.00%; recall: 100.00%; FB1: 100.00  1\n' +
        '              PER: precision:   0.00%; recall:   0.00%; FB1:   0.00  31\n',
    )
  })

  test('nothing to score gives zeros, not NaN', () => {
    for (const gold of [[], [[]], [['O', 'O']]]) {
      const { strict, lenient } = evaluateLabels({ gold, predicted: gold })
      for (const { micro, macro, weighted } of [strict, lenient]) {
        for (const { precision, recall, f1 } of [micro, macro, weighted]) {
          expect([precision, recall, f1]).toEqual([0, 0, 0])
        }
      }
    }
    expect(conllevalReport({ gold: [], predicted: [] })).toBe(
      'processed 0 tokens with 0 phrases; found: 0 phrases; correct: 0.\n',
    )
  })

  test('sentences and labels must be paired', () => {
    const calls = [evaluateLabels, conllevalReport, tokenAccuracy]
    for (const call of calls) {
      expect(() => call({ gold: rows('O | O'), predicted: rows('O') })).toThrow(
        'predicted must have as many sentences as gold, 2. Received: 1.',
      )
      expect(() => call({ gold: rows('O | O O'), predicted: rows('O | O') })).toThrow(
        'predicted[1] must have as many labels as gold, 2. Received: 1. Give tokens that were cut away the label O.',
      )
    }
  })
})

interface PublishedCase {
  name: string
  gold: string[][]
  pred: string[][]
  gold_chunks: [string, number, number][][]
  pred_chunks: [string, number, number][][]
  precision: number
  recall: number
  f1: number
  accuracy: number
  per_type: Record<string, { precision: number; recall: number; f1: number }>
}

const cases: PublishedCase[] = JSON.parse(
  readFileSync(new URL('./fixtures/golden/eval.json', import.meta.url), 'utf8'),
)

describe.each(cases)('published scorer, $name', ({ gold, pred, ...expected }) => {
  const scores = scoreLabels({ gold, predicted: pred }, 'published')

  test('chunks', () => {
    const chunks = (labels: string[][]) =>
      labels.map(row => extractSpans(row, 'published').map(({ type, start, end }) => [type, start, end]))
    expect(chunks(gold)).toEqual(expected.gold_chunks)
    expect(chunks(pred)).toEqual(expected.pred_chunks)
  })

  test('scores and accuracy', () => {
    for (const field of ['precision', 'recall', 'f1'] as const) {
      expect(scores.micro[field]).toBeCloseTo(expected[field], 12)
      for (const [type, values] of Object.entries(expected.per_type)) {
        expect(scores.perType[type]?.[field] ?? 0, type).toBeCloseTo(values[field], 12)
      }
    }
    expect(tokenAccuracy({ gold, predicted: pred })).toBeCloseTo(expected.accuracy, 12)
  })

  test('the lenient rule agrees unless auxiliary labels are predicted', () => {
    const { micro } = scoreLabels({ gold, predicted: pred }, 'lenient')
    const auxiliary = expected.pred_chunks.flat().filter(([type]) => !(type in expected.per_type)).length
    expect(micro).toMatchObject({ support: scores.micro.support, correct: scores.micro.correct })
    expect(micro.predicted).toBe(scores.micro.predicted - auxiliary)
  })
})
