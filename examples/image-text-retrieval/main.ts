import { parseArgs } from 'node:util'
import { useEngine } from '@mafjs/compile/engine'
import { drawCaptionedPictures } from '@mafjs/demo-corpus'
import { formatSpread, markdownTable } from '@mafjs/evaluate'
import { evaluate, fit, standardizer } from '@mafjs/train'
import { CUTS, type Pair, retrievalTask } from './retrieval-task'

const text = (text: string) => ({ type: 'string', default: text }) as const
const { values } = parseArgs({ options: { epochs: text('60'), seeds: text('5') } })
const drawn = drawCaptionedPictures(1200, 1)
const vocabulary = [...new Set(drawn.flatMap(({ caption }) => caption.split(' ')))].sort()
const pairs = drawn.map(({ caption, pixels }): Pair => {
  const words = caption.split(' ')
  const counts = vocabulary.map(word => words.filter(one => one === word).length)
  return { text: Float32Array.from(counts), image: pixels }
})
const [ofText, ofImage] = (['text', 'image'] as const).map(side =>
  standardizer(pairs.slice(300).map(pair => pair[side])),
)
const standard = pairs.map(({ text, image }): Pair => ({ text: ofText!(text), image: ofImage!(image) }))
const [test, valid, train] = [standard.slice(0, 200), standard.slice(200, 300), standard.slice(300)]
const engine = await useEngine({ engine: 'onnx', threads: 1 })
// Six equal steps an epoch: among the few pairs of a last, smaller one a text would hardly be told from wrong pictures.
const settings = { epochs: Number(values.epochs), batchSize: 150, learningRate: 1e-3, warmup: 0 }

const reports: Record<string, number[][]> = { 'untrained heads': [], '@mafjs/align': [] }
for (let seed = 0; seed < Number(values.seeds); seed++) {
  const task = retrievalTask(train[0]!, seed)
  reports['untrained heads']!.push((await evaluate(task, test, { engine })).shares)
  const { bestEpoch } = await fit(task, { engine, train, valid, settings: { ...settings, seed } })
  const { shares, score } = await evaluate(task, test, { engine })
  reports['@mafjs/align']!.push(shares)
  console.error(`seed ${seed}: AUC ${score.toFixed(3)} after epoch ${bestEpoch}`)
  task.model.dispose()
}
const columns = ['T>I', 'I>T'].flatMap(way => CUTS.map(cut => `${way} R@${cut}`))
const rows = Object.entries(reports).map(([name, runs]) => [
  name,
  ...runs[0]!.map((_, column) => formatSpread(runs.map(shares => shares[column]!))),
])
console.log(markdownTable(['%', ...columns, 'AUC'], rows))
