import { parseArgs } from 'node:util'
import { useEngine } from '@mafjs/compile/engine'
import { formatSpread, markdownTable } from '@mafjs/evaluate'
import { evaluate, fit } from '@mafjs/train'
import { drawPosts, KINDS, type Post } from './draw-posts'
import { sentimentTask } from './sentiment-task'

const text = (text: string) => ({ type: 'string', default: text }) as const
const { values } = parseArgs({ options: { epochs: text('60'), seeds: text('5') } })
const posts = drawPosts(1500, 1)
const [test, valid, train] = [posts.slice(0, 375), posts.slice(375, 600), posts.slice(600)]
const vocabulary = [...new Set(train.flatMap(({ words }) => words))].sort()
const engine = await useEngine({ engine: 'onnx', threads: 1 })
const settings = { epochs: Number(values.epochs), batchSize: 32, learningRate: 2e-3, warmup: 0 }

const views: Record<string, (post: Post) => Post> = {
  'text only': post => ({ ...post, picture: null }),
  'picture only': post => ({ ...post, words: [] }),
  'text and picture': post => post,
}
const rows: string[][] = []
for (const [name, view] of Object.entries(views)) {
  const runs: number[][] = []
  for (let seed = 0; seed < Number(values.seeds); seed++) {
    const task = sentimentTask(vocabulary, seed)
    await fit(task, {
      engine,
      train: train.map(view),
      valid: valid.map(view),
      settings: { ...settings, seed },
    })
    runs.push((await evaluate(task, test.map(view), { engine })).shares)
    console.error(`${name}, seed ${seed}: accuracy ${runs.at(-1)![0]}`)
    task.model.dispose()
  }
  rows.push([name, ...runs[0]!.map((_, column) => formatSpread(runs.map(shares => shares[column]!)))])
}
console.log(markdownTable(['%', 'accuracy', 'macro F1', ...KINDS], rows))
