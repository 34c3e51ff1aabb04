import { useEngine } from '@mafjs/compile/engine'
import { expect, test } from 'vitest'
import { drawPosts } from '../draw-posts'
import { explainPost } from '../explain-post'
import { sentimentTask } from '../sentiment-task'

test('both engines say the same of what the words look at', async () => {
  await useEngine({ backend: 'cpu' })
  const [post] = drawPosts(1, 3)
  const task = sentimentTask(post!.words, 1)
  const said = []
  for (const options of [{ engine: 'onnx', threads: 1 }, { backend: 'cpu' }] as const) {
    said.push(await explainPost(task, post!, await useEngine(options)))
  }
  const [onnx, tfjs] = said
  expect(onnx!.words.map(({ text }) => text)).toEqual(post!.words)
  for (const [word, { gate, attention }] of onnx!.words.entries()) {
    expect(attention.mean).toHaveLength(16)
    expect(attention.mean.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5)
    expect(attention.mean).toEqual(tfjs!.words[word]!.attention.mean.map(weight => expect.closeTo(weight, 5)))
    expect(gate.mean).toBeCloseTo(tfjs!.words[word]!.gate.mean, 5)
  }
  expect(onnx!.match).toBeCloseTo(tfjs!.match, 5)
  task.model.dispose()
})
