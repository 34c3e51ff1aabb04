import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { conllevalReport } from '../../src/entities/conlleval'
import { evaluateLabels } from '../../src/entities/report'

interface SeqevalScores {
  precision: number
  recall: number
  f1: number
  macro_f1: number
  weighted_f1: number
  support: number
  per_type: Record<string, { precision: number; recall: number; 'f1-score': number; support: number }>
}

interface Vector {
  gold: string[][]
  pred: string[][]
  lenient: SeqevalScores
  strict: SeqevalScores
  token_accuracy: number
  conlleval: string[]
}

const folder = new URL('../../../../../shared/vectors/', import.meta.url)
const present = existsSync(folder)
if (!present)
  console.warn('SKIPPED: equality with seqeval and conlleval on published vectors (no ../shared/vectors)')

const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8').replaceAll('\r\n', '\n')

describe.skipIf(!present)('published vectors', () => {
  test('seqeval and conlleval on 40 random sets', () => {
    const { cases } = JSON.parse(read('ner-eval.json')) as { cases: Vector[] }
    expect(cases.length).toBe(40)
    for (const { gold, pred, conlleval, token_accuracy, ...expected } of cases) {
      const pair = { gold, predicted: pred }
      const report = evaluateLabels(pair)
      for (const rule of ['strict', 'lenient'] as const) {
        const { micro, macro, weighted, perType } = report[rule]
        const { precision, recall, f1, macro_f1, weighted_f1, support, per_type } = expected[rule]
        expect([micro.precision, micro.recall, micro.f1, macro.f1, weighted.f1].map(to12)).toEqual(
          [precision, recall, f1, macro_f1, weighted_f1].map(to12),
        )
        expect(micro.support).toBe(support)
        expect(Object.keys(perType)).toEqual(Object.keys(per_type))
        for (const [type, values] of Object.entries(per_type)) {
          const score = perType[type]!
          expect([score.precision, score.recall, score.f1, score.support].map(to12)).toEqual(
            [values.precision, values.recall, values['f1-score'], values.support].map(to12),
          )
        }
      }
      expect(to12(report.tokenAccuracy)).toBe(to12(token_accuracy))
      expect(conllevalReport(pair).trimEnd().split('\n')).toEqual(conlleval)
    }
  })

  test("conlleval's own sample", () => {
    const sentences = read('conlleval-output.txt')
      .split(/\n\s*\n/)
      .map(block => block.split('\n').filter(line => line.trim() !== ''))
      .filter(lines => lines.length > 0)
    const column = (fromEnd: number): string[][] =>
      sentences.map(lines => lines.map(line => line.trim().split(' ').at(-fromEnd)!))
    expect(conllevalReport({ gold: column(2), predicted: column(1) })).toBe(read('conlleval-result.txt'))
  })
})

/** Twelve decimals: the same divisions in another order of operations. */
function to12(value: number): string {
  return value.toFixed(12)
}
