import { expect, test } from 'vitest'
import { chooseInTurn } from '../../src/explain/choose-in-turn'

const kinds = ['common', 'rare', 'none'] as const
const posts = (...lists: (typeof kinds)[number][][]) => lists.map(list => new Set(list))

test('kinds take turns, no post comes twice, and the order stays', () => {
  const all = posts(['common'], [], ['common'], ['common', 'rare'], ['common'], ['rare'])
  expect(chooseInTurn(all, kinds, 1)).toEqual([0])
  expect(chooseInTurn(all, kinds, 2)).toEqual([0, 3])
  expect(chooseInTurn(all, kinds, 3)).toEqual([0, 2, 3])
  expect(chooseInTurn(all, kinds, 4)).toEqual([0, 2, 3, 5])
  expect(chooseInTurn(all, kinds, 99)).toEqual([0, 2, 3, 4, 5])
})

test('nothing to choose from is no endless search', () => {
  expect(chooseInTurn(posts([], []), kinds, 5)).toEqual([])
  expect(chooseInTurn([], kinds, 5)).toEqual([])
  expect(chooseInTurn(posts(['common']), [], 5)).toEqual([])
})
