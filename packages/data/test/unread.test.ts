import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { firstError, jsonl, readDataset, reportLines, unreadNotes } from '../src'
import { doctorRun } from '../src/doctor/doctor-run'
import { folderWith } from './files'

const text = 'I met Rob in Oslo'
const tokens = text.split(' ')
const error = (post: object): string | undefined => {
  const { problems } = jsonl.parse([JSON.stringify(post)], { file: 'a' })
  return firstError('a', problems)?.message
}

describe('fields that are not read', () => {
  // As doccano, Label Studio, Prodigy, CLUE and Hugging Face name what is wanting here.
  it.each([
    [
      { text, annotations: [] },
      'must have "entities" (a list of {"type", "start", "end"} beside "text") under that name',
    ],
    [{ text, spans: [] }, 'must have "entities" '],
    [{ tokens, ner_tags: [0] }, 'must have "labels" (a BIO label for each of its "tokens") under that name'],
    [{ tokens, tags: [] }, 'must have "labels" '],
    [{ text, label: [[6, 9, 'PER']] }, 'must have a string as "label", the class of the post'],
    [{ text, label: { name: { Rob: [[6, 8]] } } }, 'must have a string as "label", the class of the post'],
    [{ text, labels: [[6, 9, 'PER']] }, 'must have either "labels" with "tokens" or "entities" with "text"'],
    [{ text, img: 'a.jpg' }, 'must have "image" under that name, not "img". Received: a field "img".'],
    [{ text, img_path: 'a.jpg' }, 'must have "image" under that name'],
    [{ text, imagePath: 'a.jpg' }, 'must have "image" under that name'],
    [{ text, image_id: 'a.jpg' }, 'must have "image" under that name'],
    [{ text, Images: ['a.jpg'] }, 'must have "image" under that name'],
    [{ tokens, lables: [], labels_: [] }, 'must have "labels" '],
    [{ txt: text }, 'must have "text" under that name'],
  ])('%j is refused by the name of the field', (post, rule) => {
    expect(error(post)).toContain(`a:1 ${rule}`)
  })

  it.each([
    [{ text, tweet_id: 5, user: 'x', lang: 'en', idx: 3, test: true }],
    [{ text, image: 'a.jpg', image_id: 'x', img: 'y', txt: 'z' }],
    [{ tokens, labels: ['O', 'O', 'O', 'O', 'O'], ner_tags: [0], spans: [] }],
    [{ text, entities: [], label: 'good', img: null }],
  ])('%j is read', post => {
    expect(error(post)).toBeUndefined()
  })

  it('are said once for each file and name', async () => {
    const post = JSON.stringify({ text, user: { id: 7 }, ['__proto__']: 1 })
    const data = await folderWith({ 'train.jsonl': `${post}\n${post}\n` })
    const { train } = await readDataset({ data })
    expect(reportLines(train!)).toContain('train: 2 fields not read: "user", "__proto__"')
    const { findings } = await doctorRun({ data })
    expect(
      findings.filter(({ code }) => code === 'unknown-field').map(({ line, message }) => [line, message]),
    ).toEqual([
      [1, 'a field "user" that is not read'],
      [1, 'a field "__proto__" that is not read'],
    ])
  })
})

describe('files that are not read', () => {
  it('are named, and val is valid', async () => {
    const post = `${JSON.stringify({ tokens, labels: ['O', 'O', 'B-PER', 'O', 'B-LOC'] })}\n`
    const data = await folderWith({
      ...{ 'train.jsonl': post, 'val.jsonl': post, 'val2.jsonl': post, 'test.pdf': 'a', '.hidden': '' },
    })
    expect(Object.keys(await readDataset({ data }))).toEqual(['train', 'valid'])
    expect(await unreadNotes(data)).toEqual(['Not read of the data folder: "test.pdf", "val2.jsonl".'])
    expect(await unreadNotes(join(data, 'train.jsonl'))).toEqual([])
    const { findings } = await doctorRun({ data })
    expect(findings.filter(({ code }) => code === 'unread-file').map(({ message }) => message)).toEqual([
      '"test.pdf" is no split',
      '"val2.jsonl" is no split',
    ])
    const both = await folderWith({ 'train.jsonl': post, 'val.jsonl': post, 'dev.jsonl': post })
    await expect(readDataset({ data: both })).rejects.toThrow('must have one file of the split valid')
  })
})
