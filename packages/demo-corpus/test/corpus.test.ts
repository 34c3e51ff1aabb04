import { splitWords } from '@mafjs/data'
import { describe, expect, it } from 'vitest'
import { createDemoCorpus, type DemoPost, defaultShares, demoTypes, postKinds } from '../src'

const corpus = createDemoCorpus({ seed: 11, train: 1600, valid: 200, test: 400 })
const splits = { train: corpus.train, valid: corpus.valid, test: corpus.test }
const everyPost = Object.values(splits).flat()

const runs = (text: string) => text.toLowerCase().match(/[a-z]+/g) ?? []
const nameWords = (posts: readonly DemoPost[]) =>
  new Set(
    posts.flatMap(post =>
      post.entities.flatMap(({ start, end }) => post.words.slice(start, end).flatMap(runs)),
    ),
  )

/** Spans of a BIO sequence as `type start end`, read without the code under test. */
function spans(labels: readonly string[]): string[] {
  return labels.flatMap((label, start) => {
    if (!label.startsWith('B-')) return []
    const rest = labels.slice(start + 1)
    const inside = rest.findIndex(next => next !== `I-${label.slice(2)}`)
    return [`${label.slice(2)} ${start} ${start + 1 + (inside < 0 ? rest.length : inside)}`]
  })
}

describe('the demo corpus', () => {
  it('is the same for the same seed and another for another seed', () => {
    const again = createDemoCorpus({ seed: 11, train: 1600, valid: 200, test: 400 })
    expect(JSON.stringify(again)).toBe(JSON.stringify(corpus))
    const other = createDemoCorpus({ seed: 12, train: 100, valid: 0, test: 0 })
    expect(other.train.map(post => post.text)).not.toEqual(corpus.train.slice(0, 100).map(post => post.text))
  })

  it('does not change what is trained on when more is tested', () => {
    const small = createDemoCorpus({ seed: 11, train: 1600, valid: 200, test: 40 })
    expect(small.train).toEqual(corpus.train)
  })

  it('never shows a word of a test or validation name in training, not even in a mention or hashtag', () => {
    const seen = { train: new Set<string>(), valid: new Set<string>(), test: new Set<string>() }
    for (const name of ['train', 'valid', 'test'] as const) {
      for (const post of splits[name]) for (const word of runs(post.text)) seen[name].add(word)
    }
    for (const word of nameWords(corpus.test))
      expect(seen.train.has(word) || seen.valid.has(word)).toBe(false)
    for (const word of nameWords(corpus.valid))
      expect(seen.train.has(word) || seen.test.has(word)).toBe(false)
    expect(nameWords(corpus.test).size).toBeGreaterThan(100)
  })

  it('has the stated share of every kind, and pictures as the kind says', () => {
    for (const [name, posts] of Object.entries(splits)) {
      for (const kind of postKinds) {
        const count = posts.filter(post => post.kind === kind).length
        expect(Math.abs(count - defaultShares[kind] * posts.length), `${kind} in ${name}`).toBeLessThan(1)
      }
    }
    for (const { kind, entities, pictureClass, image, pictureSeed } of everyPost) {
      const first = entities[0]?.type
      expect([image === undefined, pictureSeed === undefined]).toEqual(Array(2).fill(kind === 'no-picture'))
      expect(entities.length === 0).toBe(kind === 'no-entity')
      if (kind === 'text' || kind === 'picture') expect(pictureClass).toBe(first)
      // a picture that misleads shows none of the post's types
      if (kind === 'mismatch') expect(entities.map(({ type }) => type)).not.toContain(pictureClass)
      for (const [i, { decidedBy }] of entities.entries()) {
        expect(decidedBy).toBe(kind === 'picture' && i === 0 ? 'picture' : 'text')
      }
    }
    const pictures = everyPost.filter(post => post.image !== undefined)
    expect(new Set(pictures.map(post => post.image)).size).toBe(pictures.length)
    expect(new Set(pictures.map(post => post.pictureSeed)).size).toBe(pictures.length)
  })

  it('balances the types, the pictures and what a wrong picture shows', () => {
    const spread = (list: readonly (string | undefined)[], cells: readonly string[]) => {
      const counts = cells.map(cell => list.filter(value => value === cell).length)
      return Math.max(...counts) - Math.min(...counts)
    }
    for (const kind of postKinds.filter(name => name !== 'no-entity')) {
      const first = corpus.train.filter(post => post.kind === kind).map(post => post.entities[0]!.type)
      expect(spread(first, demoTypes), kind).toBeLessThanOrEqual(1)
    }
    const wrong = corpus.train.filter(post => post.kind === 'mismatch')
    const cells = demoTypes.flatMap(type =>
      demoTypes.filter(t => t !== type).map(shown => `${type} ${shown}`),
    )
    expect(
      spread(
        wrong.map(post => `${post.entities[0]!.type} ${post.pictureClass}`),
        cells,
      ),
    ).toBeLessThanOrEqual(1)
    const all = corpus.train.flatMap(post => post.entities.map(({ type }) => type))
    for (const type of demoTypes) {
      expect(Math.abs(all.filter(t => t === type).length / all.length - 0.25)).toBeLessThan(0.01)
    }
    const two = corpus.train.filter(post => post.entities.length === 2)
    expect(two.length / corpus.train.filter(post => post.entities.length > 0).length).toBeCloseTo(0.13, 1)
    expect(two.every(post => post.entities[0]!.start !== post.entities[1]!.start)).toBe(true)
  })

  it('labels exactly the names, on the words that the tweet splitter finds', () => {
    for (const post of everyPost) {
      expect({ words: post.words, offsets: post.offsets }).toEqual(splitWords(post.text, 'tweet'))
      expect(post.labels).toHaveLength(post.words.length)
      expect(spans(post.labels)).toEqual(
        post.entities.map(({ type, start, end }) => `${type} ${start} ${end}`),
      )
      expect(post.labels.filter(label => label.startsWith('I-')).length).toBe(
        post.entities.reduce((sum, { start, end }) => sum + end - start - 1, 0),
      )
      for (const { start, end } of post.entities) {
        const text = post.text.slice(post.offsets[start]![0], post.offsets[end - 1]![1])
        expect(text).toMatch(/^[A-Za-z]+( [A-Za-z]+)?$/)
      }
    }
  })

  it('gives every name to all types: a name says nothing about its type', () => {
    const types = new Map<string, Set<string>>()
    for (const post of corpus.train) {
      for (const { start, end, type } of post.entities) {
        const name = post.words.slice(start, end).join(' ').toLowerCase()
        types.set(name, (types.get(name) ?? new Set()).add(type))
      }
    }
    const several = [...types.values()].filter(set => set.size > 1).length
    // three or more mentions of four types: 1 - (1/4)^2 of the names have several
    expect(several / types.size).toBeGreaterThan(0.85)
  })

  it('says by its words what they decide, and nothing where only the picture does', () => {
    // An oracle that knows no template: for every word, the types of the training posts with one name that have it.
    const said = (text: string) => [...new Set(runs(text.replace(/(?:[@#]|http)\S+/g, '')))]
    const typesByWord = (posts: readonly DemoPost[]) => {
      const found = new Map<string, string[]>()
      for (const { text, entities } of posts) {
        if (entities.length !== 1) continue
        for (const word of said(text)) {
          found.set(word, [...(found.get(word) ?? []), entities[0]!.type])
        }
      }
      return found
    }
    const open = typesByWord(corpus.train.filter(post => post.kind === 'picture'))
    const decided = typesByWord(corpus.train.filter(post => post.kind !== 'picture'))
    const cues = new Map(
      [...decided]
        .filter(([word, types]) => !open.has(word) && types.length >= 5 && new Set(types).size === 1)
        .map(([word, types]) => [word, types[0]!]),
    )
    const read = (post: DemoPost) => [...new Set(said(post.text).flatMap(word => cues.get(word) ?? []))]
    for (const post of corpus.test.filter(({ entities }) => entities.length === 1)) {
      const expected = post.kind === 'picture' ? [] : [post.entities[0]!.type]
      expect(read(post), post.text).toEqual(expected)
    }
    // about 22 posts a template: one type in two thirds of them would be five standard deviations
    for (const [word, types] of [...open].filter(([, list]) => list.length >= 18)) {
      const most = Math.max(...demoTypes.map(type => types.filter(t => t === type).length))
      expect(most / types.length, word).toBeLessThan(0.67)
    }
  })

  it('refuses sizes, seeds and shares out of range', () => {
    expect(() => createDemoCorpus({ seed: -1 })).toThrow(/^seed must be an integer/)
    expect(() => createDemoCorpus({ train: 1.5 })).toThrow(/^train must be a whole number/)
    expect(() => createDemoCorpus({ secondNames: 2 })).toThrow(/^secondNames/)
    expect(() => createDemoCorpus({ shares: { ...defaultShares, text: 0.5 } })).toThrow(
      /^shares .* add up to 1/,
    )
  })
})
