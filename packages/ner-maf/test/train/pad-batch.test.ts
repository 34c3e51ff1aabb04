import { useBackend } from '@mafjs/compile/engine'
import { type Batch, collate, labelIds, padBatch } from '@mafjs/data'
import { exchangedRows } from '@mafjs/match'
import { valueAndGradients } from '@mafjs/tensor'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { batchArrays } from '../../src/model/batch-arrays'
import { buildMaf } from '../../src/model/build-maf'
import type { MafConfig } from '../../src/model/config'
import type { MafExchanges, MafLosses } from '../../src/model/maf'
import { tensorsOf } from '../model/batch-tensors'
import { distance, loadPictures, numbers, POSTS, tinyMaf, tinyText, tokenizer } from '../model/tiny'

beforeAll(() => useBackend('cpu'))

/** The losses of the posts and the gradient of every parameter. */
async function computed(config: MafConfig, change: (batch: Batch) => Batch, exchanges?: MafExchanges) {
  const batch = change(collate(POSTS, { tokenizer, scheme: labelIds(config) }))
  const model = buildMaf(config)
  const pictures = config.interaction && (await loadPictures(POSTS))
  const inputs = { ...tensorsOf(batchArrays(config, batch, pictures)), exchanges }
  let losses: number[] = []
  const { gradients } = valueAndGradients(() => {
    const { total, ...parts } = model.apply(inputs, { training: true }).losses as MafLosses
    losses = [total, ...Object.values(parts)].flatMap(numbers)
    return total
  }, model.parameters())
  const result = {
    losses,
    gradients: Object.entries(gradients).map(([name, x]) => [name, numbers(x)] as const),
  }
  model.dispose()
  return result
}

type Computed = Awaited<ReturnType<typeof computed>>

function expectEqual(changed: Computed, plain: Computed): void {
  expect(distance(changed.losses, plain.losses)).toBeLessThan(1e-6)
  expect(plain.losses.every(loss => loss >= 0)).toBe(true)
  expect(changed.gradients.map(([name]) => name)).toEqual(plain.gradients.map(([name]) => name))
  const different = changed.gradients.filter(([, x], i) => !(distance(x, plain.gradients[i]![1]) < 1e-5))
  expect(different).toEqual([])
}

const partners = Int32Array.of(3, 0, 2, 1)
const labels = Float32Array.of(0, 0, 1, 0)

it.each([
  ['of text', tinyText(), undefined],
  ['of text and pictures', tinyMaf(), { partners, labels }],
])('padding changes neither a loss nor a gradient %s', async (_, config, exchanges) => {
  const plain = await computed(config, batch => batch, exchanges)
  const padded = await computed(config, batch => padBatch(batch, { positions: 16, words: 11 }), exchanges)
  expectEqual(padded, plain)
})

it('partners in tensors are those in numbers, and rows that fill up change nothing', async () => {
  const plain = await computed(tinyMaf(), batch => batch, { partners, labels })
  const { rows, pictures, places } = exchangedRows(partners, 4)
  expect([rows, pictures, places].map(list => [...list])).toEqual([
    [0, 1, 3, 0],
    [3, 0, 1, 0],
    [4, 5, 2, 6],
  ])
  const int32 = (list: Int32Array): tf.Tensor1D => tf.tensor1d(list, 'int32')
  const inTensors = await computed(tinyMaf(), batch => batch, {
    partners: int32(partners),
    labels: tf.tensor1d(labels),
    again: { rows: int32(rows), pictures: int32(pictures), places: int32(places) },
  })
  expectEqual(inTensors, plain)
})

it('partners in a tensor need to say which rows are computed again', async () => {
  await expect(
    computed(tinyMaf(), batch => batch, {
      partners: tf.tensor1d(partners, 'int32'),
      labels: tf.tensor1d(labels),
    }),
  ).rejects.toThrow('inputs.exchanges.again must be given where the partners are a tensor')
})
