import { describe, expect, it } from 'vitest'
import { firstError, jsonl } from '../src'

const read = (lines: string[], options: { labels?: boolean } = {}) =>
  jsonl.parse(lines, { file: 'a.jsonl', ...options })

// What Twitter gives: two posts whose ids are one double.
const [first, second] = ['1436278513418522630', '1436278513418522631']

describe('an id that is a number', () => {
  it.each([
    ['beyond 2^53', `{"id":${first},"text":"a"}`, first],
    ['with a key that is escaped', `{"\\u0069d" : ${second} ,"text":"a"}`, second],
    ['after an object that has an id of its own', `{"user":{"id":12},"text":"a","id":${first}}`, first],
    ['given twice, of which JSON takes the last', `{"id":1,"text":"a","id":${second}}`, second],
    ['beyond 64 bits', '{"id":123456789012345678901234567890,"text":"a"}', '123456789012345678901234567890'],
    ['that is negative', `{"id":-${first},"text":"a"}`, `-${first}`],
    ['with an exponent', '{"id":1e3,"text":"a"}', '1e3'],
    ['with a fraction', '{"id":1.50,"text":"a"}', '1.50'],
    ['as small as most', '{"id":12,"text":"a 1.0"}', '12'],
    ['as a text', `{"id":"${first}","text":"a"}`, first],
  ])('%s is that id, digit for digit', (_, line, id) => {
    const { posts, problems } = read([line])
    expect(posts[0]).toMatchObject({ id, words: expect.arrayContaining(['a']) })
    expect(firstError('a.jsonl', problems)).toBeUndefined()
  })

  it('is written back as it was, wherever it stands', () => {
    const line = `{"id":"x","meta":{"tweet":${first},"score":1.0},"tokens":["a"],"labels":["O"],"image":"1.jpg"}`
    const { posts } = read([line])
    expect(jsonl.write(posts[0]!)).toBe(`${line}\n`)
    expect(jsonl.write({ ...posts[0]!, pictures: [] })).toBe(`${line.replace(',"image":"1.jpg"', '')}\n`)
    const [numbered] = read([`{"id":${first},"text":"a","at":1.0}`]).posts
    expect(jsonl.write(numbered!)).toBe(`{"id":"${first}","text":"a","at":1.0}\n`)
  })

  it('is kept inside of anything that prediction gives back as an id', () => {
    const { posts } = read([`{"id":{"tweet":${first}},"text":"a"}`], { labels: false })
    expect(posts[0]!.written.fields!['id']).toEqual({ tweet: first })
  })

  it('may not be the text that another post has', () => {
    const { posts, problems } = read([
      '{"id":7,"text":"a"}',
      '{"id":"8","text":"b"}',
      '{"id":"7","text":"c"}',
    ])
    expect(posts.map(({ fault }) => fault)).toEqual([undefined, undefined, 'ambiguous-id'])
    expect(firstError('a.jsonl', problems)?.message).toBe(
      'a.jsonl:3 must have an id that no other post has in another spelling. Received: "7", in line 1 a number. ' +
        'Give each post an id of its own, all as texts or all as numbers.',
    )
  })
})
