import { type Engine, useEngine } from '@mafjs/compile/engine'
import { createMafProgram, tag } from '@mafjs/ner-maf'
import { expect, test } from 'vitest'
import { createDemoTask, DEMO_PICTURE_SIZE } from '../../src/demo/demo-task'
import { trainVariant } from '../../src/demo/train-variant'

const size = { train: 32, valid: 8, test: 40, epochs: 1 }
const task = createDemoTask(size)
const posts = task.corpus.test

test('shuffled, every post with a picture has the picture of another, and the others none', async () => {
  const numbers = DEMO_PICTURE_SIZE * DEMO_PICTURE_SIZE * 3
  const own = await task.pictures.load(posts)
  const shuffled = await task.shuffledPictures(posts, 1).load(posts)
  expect(shuffled.present).toEqual(own.present)
  const pictures = ({ pixels }: typeof own) =>
    posts.flatMap(({ pictureSeed }, row) =>
      pictureSeed === undefined ? [] : [pixels.data.subarray(row * numbers, (row + 1) * numbers).join()],
    )
  const [before, after] = [pictures(own), pictures(shuffled)]
  expect(after.filter((picture, i) => picture === before[i])).toEqual([])
  expect([...after].sort()).toEqual([...before].sort())
})

const engines: [string, () => Promise<Engine>, string][] = [
  ['onnx', () => useEngine({ engine: 'onnx', threads: 1 }), 'resnet'],
  ['tfjs', () => useEngine({ backend: 'wasm' }), 'patches'],
]

test.each(engines)(
  '%s: MAF is measured as a whole, by kind, and with shuffled pictures',
  async (_, start, kind) => {
    const engine = await start()
    const { model, result } = await trainVariant(task, { variant: 'MAF', seed: 1, epochs: 1, engine })
    expect(model.config.imageEncoder?.kind).toBe(kind)
    const program = createMafProgram(model, engine)
    const tagged = await tag(posts, { model, program, ...task }).finally(program.dispose)
    model.dispose()
    const meanMatch = (...kinds: string[]) => {
      const matches = tagged.flatMap(({ match }, row) => (kinds.includes(posts[row]!.kind) ? [match!] : []))
      return expect.closeTo(matches.reduce((sum, match) => sum + match, 0) / matches.length, 4)
    }
    expect(result.match).toEqual({
      matching: meanMatch('text', 'picture'),
      misleading: meanMatch('mismatch'),
    })
    expect(result.shuffled!.sentences).toBe(40)
    expect(Object.keys(result.byKind)).toEqual(['text', 'picture', 'mismatch', 'no-picture'])
  },
)

test('text only is measured without pictures', async () => {
  const engine = await useEngine({ engine: 'onnx', threads: 1 })
  const text = await trainVariant(task, { variant: 'text only', seed: 1, epochs: 1, engine })
  text.model.dispose()
  expect(text.model.config.imageEncoder).toBeUndefined()
  expect(text.result).toMatchObject({ variant: 'text only', match: undefined })
  expect(text.result).not.toHaveProperty('shuffled')
})
