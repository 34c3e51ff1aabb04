import { useBackend } from '@mafjs/compile/engine'
import { collate, labelIds } from '@mafjs/data'
import type { PlacedPictures } from '@mafjs/encoders'
import { beforeAll, describe, expect, it } from 'vitest'
import { batchTensors } from './batch-tensors'
import { loadPictures, post, tinyMaf, tinyReference, tinyText, tokenizer } from './tiny'

beforeAll(() => useBackend('cpu'))

const posts = [post('robs sat in paris', 'B-PER O O B-LOC', 'a.png'), post('acmey', 'B-ORG')]
const batchFor = (config: ReturnType<typeof tinyText>) =>
  collate(posts, { tokenizer, scheme: labelIds(config), padTo: config.padTo })

describe('batchTensors', () => {
  it('labels every piece by the published scheme', () => {
    const config = tinyReference({ tokens: 9 })
    const { labels, firstPieces, wordMask, text } = batchTensors(config, batchFor(config))
    // [PAD] 0, O 1, B-PER 4, B-ORG 6, B-LOC 8, X 10, [CLS] 11, [SEP] 12
    expect(labels!.arraySync()).toEqual([
      // [CLS] rob ##s sat in paris [SEP]
      [11, 4, 10, 1, 1, 8, 12, 0, 0],
      // [CLS] acme ##y [SEP]
      [11, 6, 10, 12, 0, 0, 0, 0, 0],
    ])
    expect(text.mask.arraySync()).toEqual([
      [1, 1, 1, 1, 1, 1, 1, 0, 0],
      [1, 1, 1, 1, 0, 0, 0, 0, 0],
    ])
    expect([firstPieces, wordMask]).toEqual([undefined, undefined])
  })

  it('points at the first piece of every word where words are the steps', () => {
    const { labels, firstPieces, wordMask } = batchTensors(tinyText(), batchFor(tinyText()))
    // O 0, B-LOC 1, B-ORG 3, B-PER 5
    expect(labels!.arraySync()).toEqual([
      [5, 0, 0, 1],
      [3, 0, 0, 0],
    ])
    expect(wordMask!.arraySync()).toEqual([
      [1, 1, 1, 1],
      [1, 0, 0, 0],
    ])
    expect(firstPieces!.shape).toEqual([2, 4, 7])
    const places = firstPieces!
      .arraySync()
      .map(rows => rows.map(row => row.flatMap((one, i) => (one ? i : []))))
    expect(places).toEqual([
      [[1], [3], [4], [5]],
      [[1], [], [], []],
    ])
  })

  it('gives pictures to a model that reads them, and only to such a one', async () => {
    const pictures = await loadPictures(posts)
    const { image } = batchTensors(tinyMaf(), batchFor(tinyMaf()), pictures)
    const { pixels, choice } = image as PlacedPictures
    expect(pixels.shape).toEqual([2, 4, 4, 3])
    expect(choice.arraySync()).toEqual([[[1, 0]], [[0, 0]]])
    expect(batchTensors(tinyText(), batchFor(tinyText()), pictures).image).toBeUndefined()
  })

  it('refuses pieces without the labels they need', () => {
    expect(() => batchTensors({ ...tinyText(), steps: 'pieces' }, batchFor(tinyText()))).toThrow(
      "config.labels must hold X, [CLS] and [SEP] where steps is 'pieces'. Received: O, B-LOC",
    )
  })
})
