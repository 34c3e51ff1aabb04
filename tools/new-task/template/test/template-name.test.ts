import { useEngine } from '@mafjs/compile/engine'
import { evaluate, fit } from '@mafjs/train'
import { expect, test } from 'vitest'
import { createTask, drawRows } from '../main'

test('it learns, and needs both sides', async () => {
  const engine = await useEngine({ engine: 'onnx', threads: 1 })
  const [rows, task] = [drawRows(600, 1), createTask()]
  const [train, others] = [rows.slice(0, 400), rows.slice(400)]
  await fit(task, { engine, train, settings: { epochs: 30, batchSize: 16, learningRate: 0.03 } })
  const own = await evaluate(task, others, { engine })
  const exchanged = others.map((row, i) => ({ ...row, image: others.at(i - 1)!.image }))
  expect(own.accuracy).toBeGreaterThan(0.8) // chance: 0.5, with a deviation of 0.035
  expect((await evaluate(task, exchanged, { engine })).accuracy).toBeLessThan(0.75)
})
