import { parseArgs } from 'node:util'
import { useEngine } from '@mafjs/compile/engine'
import { formatSpread, markdownTable } from '@mafjs/evaluate'
import { evaluate, fit } from '@mafjs/train'
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
const ways: Record<string, [view: (post: Post) => Post, tests: Record<string, Post[]>]> = {
  'text only': [post => ({ ...post, sound: undefined }), { 'text only': test }],
  'sound only': [post => ({ ...post, words: ['[UNK]'] }), { 'sound only': test }],
  both: [post => post, { 'text and sound': test, '- sounds exchanged': exchanged }],
}
const reports: Record<string, { shares: number[]; matchAuc: number | null }[]> = {}
for (const [view, tests] of Object.values(ways)) {
  for (let seed = 0; seed < Number(values.seeds); seed++) {
    const task = soundTask(vocabulary, seed)
    await fit(task, {
      engine,
      train: train.map(view),
      valid: valid.map(view),
      settings: { ...settings, seed },
    })
    for (const [name, posts] of Object.entries(tests)) {
      const report = await evaluate(task, posts.map(view), { engine })
      reports[name] = [...(reports[name] ?? []), report]
      console.error(`${name}, seed ${seed}: accuracy ${report.score}`)
    }
    task.model.dispose()
  }
}
const columns = ['all posts', ...GROUPS]
const rows = Object.entries(reports).map(([name, runs]) => [
  name,
  ...columns.map((_, column) => formatSpread(runs.map(({ shares }) => shares[column]!))),
])
console.log(markdownTable(['accuracy, %', ...columns], rows))
const aucs = reports['text and sound']!.map(({ matchAuc }) => matchAuc!)
console.log(`\nfitting sounds against misleading ones, AUC of the match: ${formatSpread(aucs)}`)
