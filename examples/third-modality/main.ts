import { parseArgs } from 'node:util'
import { useEngine } from '@mafjs/compile/engine'
import { areaUnderRoc, formatSpread, markdownTable, spreadOf } from '@mafjs/evaluate'
import { fit, predict } from '@mafjs/train'
import { drawPosts, GROUPS, type Post } from './draw-posts'
import { soundTask } from './sound-task'

const text = (text: string) => ({ type: 'string', default: text }) as const
const { values } = parseArgs({ options: { posts: text('2600'), epochs: text('20'), seeds: text('5') } })
const posts = drawPosts(Number(values.posts), 20261123)
const [test, valid, train] = [posts.slice(0, 600), posts.slice(600, 1000), posts.slice(1000)]
const vocabulary = [...new Set(train.flatMap(({ words }) => words))].sort()
const engine = await useEngine({ engine: 'onnx', threads: 1 })
const settings = { epochs: Number(values.epochs), batchSize: 32, learningRate: 1e-3, warmup: 0 }
const exchanged = test.map((post, row) => ({ ...post, sound: test.at(row - 1)!.sound }))
/** What a model is trained on, and what it is measured on. */
const ways: [view: (post: Post) => Post, tests: Record<string, Post[]>][] = [
  [post => ({ ...post, sound: undefined }), { 'text only': test }],
  [post => ({ ...post, words: ['[UNK]'] }), { 'sound only': test }],
  [post => post, { 'text and sound': test, '- sounds exchanged': exchanged }],
]
const groups = ['', ...GROUPS].map(name => [...test.keys()].filter(row => test[row]!.group.endsWith(name)))
const shares: Record<string, number[][]> = {}
for (const [view, tests] of ways) {
  for (let seed = 0; seed < Number(values.seeds); seed++) {
    const task = soundTask(vocabulary, seed)
    const splits = { train: train.map(view), valid: valid.map(view) }
    await fit(task, { engine, ...splits, settings: { ...settings, seed } })
    for (const [name, posts] of Object.entries(tests)) {
      const predicted = await predict(task, posts.map(view), { engine })
      const right = predicted.map(({ label }, row) => Number(label === test[row]!.subject))
      const [, fits, , misleads] = groups.map(rows => rows.map(row => predicted[row]!.extras!.match!))
      const run = groups.map(rows => spreadOf(rows.map(row => right[row]!)).mean)
      shares[name] = [...(shares[name] ?? []), [...run, areaUnderRoc(fits!, misleads!)!]]
      console.error(`${name}, seed ${seed}: accuracy ${run[0]}`)
    }
    task.model.dispose()
  }
}
const spread = (runs: number[][]) => runs[0]!.map((_, column) => formatSpread(runs.map(run => run[column]!)))
const rows = Object.entries(shares).map(([name, runs]) => [name, ...spread(runs)])
console.log(markdownTable(['%', 'all posts', ...GROUPS, 'AUC of match'], rows))
