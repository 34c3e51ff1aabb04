import { useEngine } from '@mafjs/compile/engine'
import { expect, test } from 'vitest'
import { predict } from '../src'
import { rowsOf, tinyTask } from './tiny-task'

test('rows of like length are one batch, and predictions come in the order of the rows', async () => {
  const engine = await useEngine({ backend: 'cpu' })
  const task = tinyTask()
  const rows = rowsOf(9) // three of each length
  const batches: number[][] = []
  const sorted: typeof task = {
    ...task,
    length: ({ x }) => x.length,
    collate(rows) {
      batches.push(rows.map(({ x }) => x.length))
      return task.collate(rows)
    },
  }
  const alone = await predict(task, rows, { engine, batchSize: 1 })
  expect(await predict(sorted, rows, { engine, batchSize: 3 })).toEqual(alone)
  expect(batches).toEqual([4, 3, 2].map(length => [length, length, length]))
  expect(await predict(sorted, [], { engine })).toEqual([])
})
