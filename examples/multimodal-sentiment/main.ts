import { parseArgs } from 'node:util'
import { useEngine } from '@mafjs/compile/engine'
import { formatSpread, markdownTable } from '@mafjs/evaluate'
import { permutation } from '@mafjs/tensor'
import { evaluate, fit } from '@mafjs/train'
import { drawPosts, KINDS, type Post } from './draw-posts'
import { explainPost } from './explain-post'
import { sentimentTask } from './sentiment-task'

const text = (text: string) => ({ type: 'string', default: text }) as const
const { values } = parseArgs({ options: { epochs: text('60'), seeds: text('5') } })
const drawn = drawPosts(1500, 1)
const posts = permutation(drawn.length, { seed: 0, site: 'split' }).map(i => drawn[i]!) // dealt out by lot
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
    const splits = { train: train.map(view), valid: valid.map(view), test: test.map(view) }
    const { test: all } = await fit(task, { engine, ...splits, settings: { ...settings, seed } })
    const shares = [all!.accuracy, all!.macro.f1]
    for (const kind of KINDS) {
      const posts = splits.test.filter(post => post.kind === kind)
      shares.push((await evaluate(task, posts, { engine })).accuracy)
    }
    console.error(`${name}, seed ${seed}: accuracy ${shares[0]}`)
    runs.push(shares)
    if (name === 'text and picture' && seed === 0) {
      const { match, words } = await explainPost(task, test[0]!, engine)
      const looks = words.map(({ text, gate, attention: { mean } }) => {
        const region = mean.indexOf(Math.max(...mean))
        return `${text}: gate ${gate.mean.toFixed(2)}, looks most at region ${region} of ${mean.length}`
      })
      console.error([`match ${match.toFixed(2)}`, ...looks].join('\n'))
    }
    task.model.dispose()
  }
  rows.push([name, ...runs[0]!.map((_, column) => formatSpread(runs.map(shares => shares[column]!)))])
}
console.log(markdownTable(['%', 'accuracy', 'macro F1', ...KINDS], rows))
