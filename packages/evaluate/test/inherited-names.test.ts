import { expect, test } from 'vitest'
import { classifyErrors, evaluateLabels } from '../src'
import { type Evaluation, formatEvaluation } from '../src/evaluations'

// Types that every object has something for: one of them once wrote into Object.prototype for the whole process.
const gold = [['B-__proto__'], ['B-constructor'], ['B-toString', 'I-toString'], ['B-PER']]
const predicted = [['B-PER'], ['B-PER'], ['B-toString', 'I-toString'], ['B-hasOwnProperty']]

test('types with the names of what every object inherits are types like others', () => {
  const before = Object.getOwnPropertyNames(Object.prototype)
  const { counts, confusion } = classifyErrors({ gold, predicted })
  expect(counts).toMatchObject({ correct: 1, type: 3 })
  expect(Object.entries(confusion).map(([type, row]) => [type, Object.entries(row)])).toEqual([
    ['__proto__', [['PER', 1]]],
    ['constructor', [['PER', 1]]],
    ['toString', [['toString', 1]]],
    ['PER', [['hasOwnProperty', 1]]],
  ])
  const report = evaluateLabels({ gold, predicted })
  expect(Object.entries(report.strict.perType).map(([type, { support }]) => [type, support])).toEqual([
    ['PER', 1],
    ['__proto__', 1],
    ['constructor', 1],
    ['hasOwnProperty', 0],
    ['toString', 1],
  ])
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
  expect(({} as { PER?: number }).PER).toBeUndefined()
})

test('a report shows such types, and one that only a rule has', () => {
  const report = evaluateLabels({ gold: [['I-constructor', 'B-__proto__']], predicted: [['O', 'B-PER']] })
  const errors = classifyErrors({ gold: [['O', 'B-__proto__']], predicted: [['O', 'B-PER']] })
  const name = { model: '', data: '', split: '', dataFingerprint: '', version: '' }
  const context = { ...name, encoders: { text: {}, image: null }, entities: {}, modules: [], pictures: 0 }
  const evaluation = { ...report, errors, context, seen: null, kind: 'evaluation' } as unknown as Evaluation
  const text = formatEvaluation(JSON.parse(JSON.stringify(evaluation)))
  const rows = text.split('\n').map(line => line.split('|').map(cell => cell.trim()))
  // No strict entity: five empty cells, and no NaN of an inherited function.
  expect(rows).toContainEqual(['', 'constructor', '', '', '', '', '', '0.00', '0.00', '0.00', '1', '0', ''])
  expect(rows).toContainEqual(['', '__proto__', '1', '0', ''])
  expect(text).not.toContain('NaN')
})
