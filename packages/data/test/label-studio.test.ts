import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Place } from '../src'
import { readFile } from '../src/reading/read-file'
import { entitiesOf } from './entities-of'
import { folderWith } from './files'

async function said(records: unknown[], options: Partial<Place> = {}) {
  const data = await folderWith({ 'train.json': JSON.stringify(records, null, 1) })
  const { format, posts, problems } = await readFile(join(data, 'train.json'), options)
  return {
    format: format.name,
    posts: posts.filter(({ fault }) => !fault).map(post => [post.id, ...post.pictures, ...entitiesOf(post)]),
    problems: problems.map(({ code, about, error }) =>
      error ? `${error.rule}. ${error.received}` : `${code} ${about}`,
    ),
  }
}

const text = '😀 I met Rob in Oslo'
const labels = (start: number, end: number, own: string | undefined, type: string, more: object = {}) => ({
  ...{ id: 'x', from_name: 'label', to_name: 'text', type: 'labels', origin: 'manual' },
  value: { start, end, ...(own !== undefined && { text: own }), labels: [type] },
  ...more,
})
// Versions from 1.4 on count code points, older ones UTF-16 units.
const NEW = [labels(8, 11, 'Rob', 'PER'), labels(15, 19, 'Oslo', 'LOC')]
const OLD = [labels(9, 12, 'Rob', 'PER'), labels(16, 20, 'Oslo', 'LOC')]
const READ = ['PER Rob', 'LOC Oslo']
const done = (result: object[], more: object = {}) => ({
  id: 7,
  completed_by: 1,
  was_cancelled: false,
  ground_truth: false,
  result,
  ...more,
})
const task = (annotations: object[], more: object = {}) => ({
  id: 1,
  data: { text },
  annotations,
  predictions: [],
  ...more,
})

describe('tasks of Label Studio', () => {
  it.each<[string, object, string[]]>([
    ['offsets of new versions', task([done(NEW)]), READ],
    ['offsets of old versions', task([done(OLD)]), READ],
    ['offsets without texts', task([done([labels(8, 11, undefined, 'PER')])]), ['PER Rob']],
    ['completions', { id: 1, data: { text }, completions: [done(OLD)] }, READ],
    ['no annotation', task([]), []],
    ['an annotation without spans', task([done([])]), []],
    [
      'another name of the text',
      { id: 1, data: { tweet: text, lang: 'en' }, annotations: [done(NEW)] },
      READ,
    ],
    ['the only text', { id: 1, data: { body: text }, annotations: [done(NEW)] }, READ],
  ])('%s', async (_, record, entities) => {
    const { problems, ...read } = await said([record])
    expect(read).toEqual({ format: 'Label Studio', posts: [['1', ...entities]] })
    expect(problems.filter(problem => !problem.includes('unknown-field lang'))).toEqual([])
  })

  it('counts what posts do not have', async () => {
    const relation = { from_id: 'x', to_id: 'y', type: 'relation', direction: 'right' }
    const box = { type: 'rectanglelabels', value: { x: 1, rectanglelabels: ['a'] }, to_name: 'image' }
    const cancelled = done(NEW, { was_cancelled: true })
    expect(
      await said([
        task([done([...NEW, relation, box])], { predictions: [{ result: NEW }] }),
        task([cancelled], { id: 2 }),
        task([cancelled, done(NEW)], { id: 3 }),
        task([done([]), done(NEW, { ground_truth: true })], { id: 4 }),
        task([done(NEW), done(NEW, { completed_by: 2 })], { id: 5 }),
        { id: 6, data: { text }, predictions: [{ result: NEW }] },
      ]),
    ).toEqual({
      format: 'Label Studio',
      posts: [['1', ...READ], ['3', ...READ], ['4', ...READ], ['5', ...READ], ['6']],
      problems: [
        'not-carried predictions',
        'not-carried relations',
        'not-carried results of the type "rectanglelabels"',
        'left-out tasks that were skipped',
        'not-carried cancelled annotations',
        'not-carried annotations beside the ground truth',
        'not-carried annotations that say the same again',
        'not-carried predictions',
      ],
    })
  })

  it('has pictures where they were served, ids digit for digit, and a class', async () => {
    const choice = { type: 'choices', from_name: 'mood', to_name: 'text', value: { choices: ['good'] } }
    const record = task([done([...NEW, choice])], {
      data: { id: 0, text, image: '/data/upload/3/ab12-a%20b.jpg' },
    })
    const local = task([], { id: 2, data: { text, image: '/data/local-files/?d=posts%2Fa.jpg' } })
    const data = await folderWith({
      'train.json': JSON.stringify([record, local]).replace('"id":0', '"id":9007199254740993'),
    })
    const { posts } = await readFile(join(data, 'train.json'))
    expect(posts.map(({ id, label, pictures }) => [id, label, ...pictures])).toEqual([
      ['9007199254740993', 'good', 'ab12-a b.jpg'],
      ['2', undefined, 'posts/a.jpg'],
    ])
  })

  it.each<[object, string]>([
    [task([done(NEW), done([NEW[0]!])]), 'must have one annotation for each task. 2 of them, which differ'],
    [
      task([done([{ ...NEW[0]!, value: { start: 8, end: 11, labels: ['A', 'B'] } }])]),
      'must have one label for each span',
    ],
    [task([done([labels(8, 12, 'Rob ', 'PER')])]), 'which ends on white space'],
    [task([done([labels(8, 11, 'Bob', 'PER')])]), 'has a "text" that is not there'],
    [
      task([done([NEW[0]!, labels(0, 4, undefined, 'PER', { to_name: 'title' })])]),
      'must have the spans of one text',
    ],
    [task([done([{ type: 'hypertextlabels', value: {} }])]), 'must have spans of plain text'],
    [
      task([done(NEW)], { data: { body: text, title: 'a' } }),
      'must have a text in its "data". ["body","title"]',
    ],
    [
      task([done(NEW)], { data: { text, image: 'https://a.b/c.jpg' } }),
      'must name a picture inside the images folder',
    ],
  ])('%j is refused', async (record, error) => {
    expect((await said([record])).problems.join()).toContain(error)
  })
})

describe('JSON_MIN of Label Studio', () => {
  const spans = NEW.map(({ value }) => value)
  const min = {
    id: 1,
    text,
    label: spans,
    annotator: 1,
    annotation_id: 7,
    created_at: 'x',
    updated_at: 'x',
    lead_time: 2.5,
  }

  it('has spans under any name, and none where nothing was marked', async () => {
    const { label: _, ...none } = min
    const named = {
      id: 3,
      tweet: text,
      ner: spans,
      sentiment: 'good',
      image: '/data/upload/1/a.jpg',
      annotation_id: 9,
    }
    expect(await said([min, { ...none, id: 2 }, named, { ...min, annotation_id: 8 }])).toEqual({
      format: 'Label Studio',
      posts: [['1', ...READ], ['2'], ['3', 'a.jpg', ...READ]],
      problems: ['unknown-field sentiment', 'left-out annotations that say the same again'],
    })
  })

  it('two annotations of a task that differ are refused', async () => {
    expect((await said([min, { ...min, label: [spans[0]] }])).problems).toEqual([
      'must have one annotation for each task. another one of the task 1, which an earlier record has',
    ])
  })
})
