import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { useEngine } from '@mafjs/compile/engine'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { fit, openRun, type StepEvent, sumLosses } from '../src'
import { rowsOf, SETTINGS, tinyTask } from './tiny-task'

it.each([
  ['onnx', { engine: 'onnx', threads: 1 }],
  ['tfjs', { backend: 'cpu' }],
] as const)('losses by name are weighed, summed, told, logged and drawn, on %s', async (_, options) => {
  const engine = await useEngine(options)
  const task = tinyTask()
  const folder = join(await mkdtemp(join(tmpdir(), 'maf-losses-')), 'run')
  const events: StepEvent[] = []
  const { history } = await fit(
    {
      ...task,
      loss(inputs, applied) {
        const class_ = task.loss(inputs, applied) as tf.Scalar
        const size = tf.sum(tf.square(task.model.parameters()['head.weight']!)) as tf.Scalar
        return sumLosses(
          { class: class_, size, watched: tf.square(size) as tf.Scalar },
          { size: 3, watched: 0 },
        )
      },
    },
    {
      ...{ engine, train: rowsOf(40), settings: SETTINGS, run: await openRun(folder) },
      onEvent: event => event.type === 'step' && events.push(event),
    },
  )
  for (const { losses } of events) {
    const { class: class_, size, watched, total } = losses as Record<string, number>
    expect(total).toBeCloseTo(class_! + 3 * size!, 5)
    expect(watched).toBeCloseTo(size! ** 2, 5)
  }
  // What a loss of the sum alone pulls at gets smaller.
  expect(history.at(-1)!['size']).toBeLessThan(history[0]!['size']!)
  const names = ['total', 'class', 'size', 'watched']
  const logged = (await readFile(join(folder, 'events.jsonl'), 'utf8')).trim().split('\n')
  for (const line of logged) expect(Object.keys(JSON.parse(line).losses)).toEqual(names)
  const drawn = await readFile(join(folder, 'curves.svg'), 'utf8')
  for (const name of names) expect(drawn).toContain(`>${name}</text>`)
})

it.each<[string, string[], Record<string, number>, string]>([
  ['a weight of no part', ['a', 'b'], { c: 1 }, 'weights.c must be the weight of one of the losses a, b.'],
  ['a weight that is none', ['a'], { a: Number.NaN }, 'weights.a must be a finite number. Received: NaN.'],
  ['no part', [], {}, 'parts must have names'],
  ['a part called as their sum', ['total'], {}, 'parts must have names other than "total"'],
])('refuses %s', (_, names, weights, message) => {
  const parts = Object.fromEntries(names.map(name => [name, tf.scalar(1)]))
  expect(() => sumLosses(parts, weights)).toThrow(message)
})
