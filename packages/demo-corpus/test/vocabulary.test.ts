import { expect, it } from 'vitest'
import { createDemoCorpus, showcasePosts } from '../src'

const { vocabulary, train, valid, test } = createDemoCorpus({ seed: 3, train: 1200, valid: 100, test: 300 })
const pieces = new Set(vocabulary)

/** BERT's WordPiece as its paper has it: signs apart, then the longest piece that fits, again and again. */
function wordPieces(word: string): string[] {
  const parts = word.match(/[\p{L}\p{N}]+|[^\p{L}\p{N}\s]/gu) ?? []
  return parts.flatMap(part => {
    const found: string[] = []
    for (let start = 0; start < part.length; ) {
      let end = part.length
      const piece = () => (start > 0 ? '##' : '') + part.slice(start, end)
      while (end > start && !pieces.has(piece())) end--
      if (end === start) return ['[UNK]']
      found.push(piece())
      start = end
    }
    return found
  })
}

it('is a small WordPiece vocabulary with its special pieces first', () => {
  expect(vocabulary.slice(0, 5)).toEqual(['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]'])
  expect(pieces.size).toBe(vocabulary.length)
  expect(vocabulary.length).toBeLessThan(1500)
  expect(vocabulary.every(piece => /^\S+$/.test(piece))).toBe(true)
})

it('holds every word of every post, and whatever else is typed in ASCII', () => {
  const words = [...train, ...valid, ...test, ...showcasePosts()].flatMap(post => post.words)
  const typed = ["What's", 'e-mail', '#C3PO!', '100%', 'Zyzzyx@example.org', '{~|^}', '$5']
  for (const word of [...words, ...typed]) expect(wordPieces(word), word).not.toContain('[UNK]')
  expect(wordPieces('žluťoučký')).toContain('[UNK]') // the check can fail
})

it('keeps ordinary words whole and builds unseen names of a few pieces', () => {
  const ordinary = test.flatMap(post =>
    post.words.filter((word, i) => post.labels[i] === 'O' && /^[a-z]+$/.test(word)),
  )
  expect(ordinary.filter(word => wordPieces(word).length > 1)).toEqual([])
  const names = test.flatMap(post =>
    post.words.filter((word, i) => post.labels[i] !== 'O' && /^[A-Z][a-z]/.test(word)),
  )
  const lengths = names.map(name => wordPieces(name).length)
  expect(Math.min(...lengths)).toBeGreaterThan(1)
  expect(lengths.reduce((sum, length) => sum + length, 0) / lengths.length).toBeLessThan(3.5)
})
