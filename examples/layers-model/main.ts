import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import { formatSpread, markdownTable } from '@mafjs/evaluate'
import { layersModelFolder } from '@mafjs/tensor/files'
import { registerGradients } from '@mafjs/tensor/gradients'
import '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import * as tfl from '@tensorflow/tfjs-layers'
import { batchQuestions, COLOURS, drawQuestions } from './draw-questions'
import { buildModel, fitModel } from './question-model'

const text = (text: string) => ({ type: 'string', default: text }) as const
const out = text(`${tmpdir()}/maf-layers-model`)
const { values } = parseArgs({ options: { epochs: text('12'), seeds: text('3'), out } })
await tf.setBackend('wasm')
registerGradients()
const questions = drawQuestions(1600, 1)
const [test, valid, train] = [questions.slice(0, 400), questions.slice(400, 600), questions.slice(600)]
const [inputs, answers] = batchQuestions(test)

const rows = [['chance', '', formatSpread([1 / COLOURS.length])]]
let model: tfl.LayersModel | undefined
for (const name of ['without them', 'interact and fuse as layers']) {
  const runs: number[] = []
  for (let seed = 0; seed < Number(values.seeds); seed++) {
    model = buildModel(name !== 'without them', 32, seed)
    await fitModel(model, train, valid, Number(values.epochs))
    const [, accuracy] = model.evaluate(inputs, answers) as tf.Scalar[]
    runs.push(accuracy!.dataSync()[0]!)
    console.error(`${name}, seed ${seed}: accuracy ${runs.at(-1)}`)
  }
  rows.push([name, String(model!.countParams()), formatSpread(runs)])
}
console.log(markdownTable(['', 'parameters', 'accuracy, %'], rows))

const folder = layersModelFolder(values.out)
await model!.save(folder)
const loaded = await tfl.loadLayersModel(folder)
const [before, after] = [model!, loaded].map(one => (one.predict(inputs) as tf.Tensor).dataSync())
const equal = before!.filter((value, i) => value === after![i]).length
console.log(`\nsaved to ${values.out} and loaded: ${equal} of ${before!.length} predicted numbers are equal`)
