import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstError, jsonl, type Place, readExamples, splitWords } from '../src'
import { folderWith } from './files'

const parse = (post: object | string, options: Partial<Place> = {}) => {
  const place = { file: 'a.jsonl', line: 4, ...options }
  const { posts, problems } = jsonl.parse([typeof post === 'string' ? post : JSON.stringify(post)], place)
  const error = firstError('a.jsonl', problems)
  if (error) throw error
  const { pictures, written: _, ...example } = posts[0]!
  const count = (code: string): number => problems.filter(problem => problem.code === code).length
  const counts = { labelsMapped: count('other-type'), misplacedEntities: count('misplaced-entity') }
  return { example, pictures, counts }
}

describe('a post of JSONL', () => {
  it('reads tokens with labels', () => {
    const { example, pictures, counts } = parse({
      id: 12,
      tokens: ['Rob', 'naps'],
      labels: ['I-OTHER', 'O'],
      image: 'a/b.png',
    })
    expect(example).toEqual({
      id: '12',
      words: ['Rob', 'naps'],
      labels: ['I-MISC', 'O'],
      source: { file: 'a.jsonl', line: 4 },
    })
    expect(pictures).toEqual(['a/b.png'])
    expect(counts.labelsMapped).toBe(1)
  })

  it('reads a text with entities in UTF-16 units; one that ends inside a word is none, or has the word', () => {
    const text = '😂 NewYorkers in New York, U.S.!'
    const entities = [
      { type: 'LOC', start: text.indexOf(' U.S.'), end: text.indexOf('!') },
      { type: 'LOC', start: 3, end: 10, text: 'NewYork', score: 0.5 },
      { type: 'LOC', start: text.indexOf('New York'), end: text.indexOf(',') },
    ]
    expect(() => parse({ text, entities })).toThrow(
      /must have entities that begin and end where its words do.*which begins on white space: " U\.S\." is there.*UTF-16 units, end exclusive/,
    )
    const { example, counts } = parse({ text, entities, image: null }, { misplacedEntities: 'fit' })
    expect(example.id).toBe('a.jsonl:4')
    expect(example.words).toEqual(splitWords(text, 'tweet').words)
    expect(example.labels!.join(' ')).toBe('O B-LOC O B-LOC I-LOC O B-LOC I-LOC I-LOC I-LOC O')
    expect(example.offsets!.map(([start, end]) => text.slice(start, end))).toEqual(example.words)
    expect(counts).toEqual({ labelsMapped: 0, misplacedEntities: 2 })
    expect(parse({ text, entities: [] }).example.labels).toEqual(Array(11).fill('O'))
  })

  it('reads the class of a whole post, which is no label of a word', () => {
    const { example } = parse({ text: 'rain again', label: 'bad' })
    expect([example.label, example.labels]).toEqual(['bad', undefined])
    expect(() => parse({ text: 'rain again', label: 1 })).toThrow(
      /must have a string as "label".*Received: 1/,
    )
  })

  it('reads unlabelled posts, and finds tokens in their text', () => {
    expect(parse({ text: '書畫', id: 'x' }, { splitter: 'characters' }).example).toEqual({
      id: 'x',
      words: ['書', '畫'],
      offsets: [
        [0, 1],
        [1, 2],
      ],
      text: '書畫',
      source: { file: 'a.jsonl', line: 4 },
    })
    const { example } = parse({
      text: "don't  go",
      tokens: ['do', "n't", 'go'],
      entities: [{ type: 'T', start: 7, end: 9 }],
    })
    expect(example.offsets).toEqual([
      [0, 2],
      [2, 5],
      [7, 9],
    ])
    expect(example.labels).toEqual(['O', 'O', 'B-T'])
  })

  const entity = { type: 'PER', start: 0, end: 3 }
  it.each([
    ['{"id": 1,', 'must be one JSON object. Received: "{\\"id\\": 1,"'],
    ['[]', 'must be one JSON object. Received: "[]". Write one post per line'],
    [{ id: '1' }, 'must have "text" or "tokens" with a word. Received: nothing. Add the words'],
    [{ text: ' \n' }, 'must have "text" or "tokens" with a word. Received: " \\n".'],
    [{ text: 5 }, 'must have a string as "text". Received: 5.'],
    [{ text: 'a', id: {} }, 'must have a string or a number as "id". Received: {}.'],
    [{ tokens: [] }, 'must have words as "tokens", none empty. Received: [].'],
    [{ tokens: ['a', ''] }, 'must have words as "tokens", none empty. Received: ["a",""].'],
    [{ tokens: ['a'], labels: [] }, 'must have a label for each of its 1 tokens. Received: 0 labels, [].'],
    [{ tokens: ['a'], labels: 'O' }, 'must have a label for each of its 1 tokens. Received: "O".'],
    [{ tokens: ['a'], labels: ['X'] }, 'must have a label O, B-TYPE or I-TYPE. Received: "X".'],
    [
      { text: 'a', labels: ['O'] },
      'must have either "labels" with "tokens" or "entities" with "text". Received: text, labels.',
    ],
    [{ tokens: ['a'], entities: [] }, 'must have either "labels" with "tokens" or "entities" with "text".'],
    [{ text: 'a', tokens: ['a'], labels: ['O'], entities: [] }, 'must have either "labels" with "tokens" or'],
    [
      { text: 'a b', tokens: ['a', 'c'] },
      'must have the words of its "text" as "tokens", in order and without gaps. Received: token 1, "c", is not next.',
    ],
    [{ text: 'a b', tokens: ['b'] }, 'Received: token 0, "b", is not next.'],
    [{ text: 'a b', tokens: ['a'] }, 'Received: text after the last token.'],
    [
      { text: 'Rob', tokens: ['R', 'ob'], entities: [{ ...entity, end: 2 }] },
      'must have entities that begin and end where its words do, and have their own "text". Received:',
    ],
    [{ text: 'Rob', entities: {} }, 'must have a list as "entities". Received: {}.'],
    [
      { text: 'Rob', entities: [null] },
      'must have entities {"type", "start", "end"}. Received: null. Offsets count UTF-16 units',
    ],
    [
      { text: 'Rob', entities: [{ ...entity, end: '3' }] },
      'must have entities {"type", "start", "end"}. Received:',
    ],
    [
      { text: 'Rob', entities: [{ ...entity, end: 4 }] },
      'must have entities that cover words of its "text" (3 units). Received: {"type":"PER","start":0,"end":4}.',
    ],
    [{ text: 'Rob', entities: [{ ...entity, start: -1 }] }, 'must have entities that cover words'],
    [{ text: 'Rob', entities: [{ ...entity, end: 1.5 }] }, 'must have entities that cover words'],
    [{ text: 'Rob', entities: [{ ...entity, end: 0 }] }, 'must have entities that cover words'],
    [{ text: 'a   b', entities: [{ ...entity, start: 1 }] }, 'must have entities that cover words'],
    [
      { text: 'a😂', entities: [{ ...entity, end: 2 }] },
      'must have entities that do not begin or end inside a character.',
    ],
    [
      { text: '😂 Rob', entities: [{ type: 'PER', start: 2, end: 5, text: 'Rob' }] },
      'Received: {"type":"PER","start":2,"end":5,"text":"Rob"}, which ends inside a word, begins on white space, has a "text" that is not there: " Ro" is there.',
    ],
    [
      { text: 'Rob', entities: [entity, entity] },
      'must have entities that do not overlap. Received: {"type":"PER","start":0,"end":3}.',
    ],
    [
      { text: 'Rob', entities: [{ ...entity, type: 'A\tB' }] },
      'must have an entity type without tabs and line ends, and without spaces around it. Received: "A\\tB".',
    ],
    [
      { text: 'Rob', image: 'a.jpg', images: ['b.jpg'] },
      'must have "image" or "images", not both. Received: both.',
    ],
    [
      { text: 'Rob', images: 'a.jpg' },
      'must have a list of paths as "images", each once. Received: "a.jpg".',
    ],
    [{ text: 'Rob', images: ['a', 'a'] }, 'must have a list of paths as "images", each once.'],
    [
      { text: 'Rob', images: ['a', '../b'] },
      'must name a picture inside the images folder. Received: "../b"',
    ],
    [{ text: 'Rob', image: 5 }, 'must have a path as "image". Received: 5.'],
    [
      { text: 'Rob', image: '../a.jpg' },
      'must name a picture inside the images folder. Received: "../a.jpg", a step',
    ],
  ])('refuses %j', (post, error) => {
    expect(() => parse(post)).toThrow(error)
    expect(() => parse(post)).toThrow(/^a\.jsonl:4 must/)
  })

  it('refuses a type that is not allowed', () => {
    const post = { text: 'Rob', entities: [entity] }
    expect(() => parse(post, { types: ['LOC'] })).toThrow('must have an entity type of LOC. Received: "PER".')
  })
})

describe('JSONL', () => {
  it('reads lines, looks pictures up, and counts', async () => {
    const folder = await folderWith({
      'posts.jsonl': [
        '{"tokens":["a"],"labels":["B-OTHER"],"image":"1.jpg"}',
        '',
        '{"text":"b","image":"2.jpg"}',
        '{"text":"cd","entities":[{"type":"T","start":0,"end":2}]}',
      ].join('\n'),
      '1.jpg': '',
    })
    const file = join(folder, 'posts.jsonl')
    const { name, examples, report } = await readExamples(file, { images: folder })
    expect(name).toBe('posts')
    expect(examples.map(({ image, source }) => [image, source.line])).toEqual([
      ['1.jpg', 1],
      [undefined, 3],
      [undefined, 4],
    ])
    expect(report).toEqual({
      withoutPicture: 1,
      picturesNotLookedUp: 0,
      missingPictures: [{ picture: '2.jpg', file, line: 3 }],
      labelsMapped: 1,
      labelsConverted: 0,
      orphans: 0,
      misplacedEntities: 0,
      unknownFields: [],
      notCarried: [],
      leftOut: [],
    })
  })

  it('names the line of a bad post', async () => {
    const folder = await folderWith({ 'posts.jsonl': '{"text":"a"}\n\n{"text":\n' })
    await expect(readExamples(join(folder, 'posts.jsonl'))).rejects.toThrow(
      'posts.jsonl:3 must be one JSON object.',
    )
  })
})
