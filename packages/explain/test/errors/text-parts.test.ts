import { expect, test } from 'vitest'
import { textParts } from '../../src/errors/text-parts'

const at = (start: number, end: number) => ({ type: 'PER', text: '', start, end, score: null })

test('parts are the text again; a sign is wrong where an error lies over it', () => {
  const text = 'abcdefghij'
  const errors = [
    { class: 'boundary', gold: at(2, 5), predicted: at(4, 6) },
    { class: 'missed', gold: at(6, 7), predicted: null },
    { class: 'spurious', gold: null, predicted: at(9, 10) },
  ]
  expect(textParts(text, errors)).toEqual([
    { text: 'ab', isWrong: false },
    { text: 'cdefg', isWrong: true },
    { text: 'hi', isWrong: false },
    { text: 'j', isWrong: true },
  ])
  expect(textParts(text, [])).toEqual([{ text, isWrong: false }])
  expect(textParts('', [])).toEqual([])
})
