import { describe, expect, it } from 'vitest'
import {
  collate,
  dataFingerprint,
  firstError,
  jsonl,
  labelScheme,
  padBatch,
  predictionsToScore,
  type ReadReport,
  reportLines,
  windowsOf,
} from '../src'

const parse = (post: object) => {
  const { posts, problems } = jsonl.parse([JSON.stringify(post)], { file: 'a.jsonl' })
  const error = firstError('a.jsonl', problems)
  if (error) throw error
  return posts[0]!
}

const tokens = ['Rob', 'saw', 'Rex', 'in', 'Rome']
const labels = ['B-PER', 'O', 'O', 'O', 'B-LOC']
const fields = { id: '1', tokens, labels, labelledTypes: ['PER', 'LOC', 'OTHER'], unlabelledTokens: [1] }

/** A piece for each word, [CLS] and [SEP] around. */
const tokenizer = {
  maxLength: 5,
  encodeWords: (words: readonly string[]) => {
    const kept = Math.min(words.length, 3)
    return {
      ids: new Int32Array(kept + 2),
      firstPieces: Array.from({ length: kept }, (_, i) => i + 1),
      unknown: [],
    }
  },
}

describe('a post that was labelled in part', () => {
  it('is read and written as it is; what it says must be true', () => {
    const post = parse(fields)
    expect(post).toMatchObject({ labelledTypes: ['PER', 'LOC', 'MISC'], unlabelled: [1] })
    expect(parse(JSON.parse(jsonl.write(post)))).toMatchObject({
      labelledTypes: ['PER', 'LOC', 'MISC'],
      unlabelled: [1],
    })
    expect(() => parse({ ...fields, labelledTypes: ['PER'] })).toThrow(/its own are among them.*B-LOC/)
    for (const labelledTypes of ['PER', ['PER', 'PER', 'LOC'], [' PER', 'LOC']]) {
      expect(() => parse({ ...fields, labelledTypes })).toThrow(/types that were labelled, each once/)
    }
    for (const unlabelledTokens of [[0], [5], [-1], [1.5], [1, 1], 1]) {
      expect(() => parse({ ...fields, unlabelledTokens })).toThrow(
        /indices of its 5 tokens.*each once and labelled O/,
      )
    }
    expect(() => parse({ id: '1', tokens, unlabelledTokens: [1] })).toThrow(/must have labels where it says/)
  })

  it('says in a batch what else may be right, in its windows too', () => {
    const scheme = labelScheme(['LOC', 'PER', 'PET']) // O, B-LOC, I-LOC, B-PER, I-PER, B-PET, I-PET
    const post = { ...parse(fields), labelledTypes: ['PER', 'LOC'] }
    const [first, second] = windowsOf(post, { tokenizer, windowOverlap: 0 })
    const batch = collate([first!.example, second!.example], { tokenizer, scheme, alternatives: true })
    const [none, any, pet] = [
      [0, 0, 0, 0, 0, 0, 0],
      [1, 1, 1, 1, 1, 1, 1],
      [0, 0, 0, 0, 0, 1, 1],
    ]
    const rows = [none, any, pet, pet, none, none]
    expect([...batch.alternatives!]).toEqual(rows.flat())
    const wide = padBatch(batch, { words: 4 })
    expect([...wide.alternatives!]).toEqual([...rows.slice(0, 3), none, ...rows.slice(3), none].flat())
    expect(collate([post], { tokenizer, scheme }).alternatives).toBeUndefined()
  })

  it('is not scored where it was not labelled, and is another post than one that was labelled whole', () => {
    const post = { ...parse(fields), labelledTypes: ['PER', 'LOC'] }
    const predicted = ['B-PER', 'I-PER', 'B-PET', 'O', 'B-LOC']
    const whole = { ...post, labelledTypes: undefined, unlabelled: undefined }
    expect(predictionsToScore([post, whole], [predicted, predicted])).toEqual([
      ['O', 'O', 'O', 'O', 'B-LOC'],
      predicted,
    ])
    expect(dataFingerprint([post])).not.toBe(dataFingerprint([whole]))
    const report = {
      missingPictures: [],
      unknownFields: [],
      notCarried: [],
      leftOut: [],
    } as unknown as ReadReport
    expect(reportLines({ name: 'valid', examples: [post, whole], report })).toContain(
      'valid: 1 post labelled in part: where nobody labelled, O may be anything and nothing is scored',
    )
    expect(dataFingerprint([whole])).toBe(dataFingerprint([{ words: tokens, labels }]))
  })
})
