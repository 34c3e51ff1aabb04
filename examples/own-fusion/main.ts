import { parseArgs } from 'node:util'
import { useEngine } from '@mafjs/compile/engine'
import { formatSpread, markdownTable } from '@mafjs/evaluate'
import { buildMaf } from '@mafjs/ner-maf'
import { configOf, drawPosts, MEASURES, trainModel } from './demo-task'
import { buildWithFilm } from './film-fusion'

const text = (text: string) => ({ type: 'string', default: text }) as const
const sizes = { train: text('3000'), valid: text('150'), test: text('400') }
const { values } = parseArgs({ options: { ...sizes, epochs: text('5'), seeds: text('3') } })
const [train, valid, test] = [values.train, values.valid, values.test].map(Number) as [number, number, number]
const posts = drawPosts({ train, valid, test }, 20261123)
const engine = await useEngine({ engine: 'onnx', threads: 1 })

/** What is compared: with pictures or without, and who builds the model. */
const ways = {
  'text only': { withPictures: false, build: buildMaf },
  'MAF with its gate': { withPictures: true, build: buildMaf },
  'MAF with FiLM': { withPictures: true, build: buildWithFilm },
}
const rows: string[][] = []
for (const [name, { withPictures, build }] of Object.entries(ways)) {
  const runs: number[][] = []
  for (let seed = 0; seed < Number(values.seeds); seed++) {
    const model = build(configOf(posts, seed, withPictures))
    runs.push(await trainModel(model, posts, engine, { epochs: Number(values.epochs), seed }))
    console.error(`${name}, seed ${seed}: F1 ${runs.at(-1)![0]!.toFixed(3)}`)
    model.dispose()
  }
  rows.push([name, ...Object.keys(MEASURES).map((_, i) => formatSpread(runs.map(scores => scores[i]!)))])
}
rows.push(['ceiling of text only', formatSpread([posts.textCeiling])])
console.log(markdownTable(['strict F1, %', ...Object.keys(MEASURES)], rows))
