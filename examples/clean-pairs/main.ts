import { parseArgs } from 'node:util'
import { useEngine } from '@mafjs/compile/engine'
import { drawCaptionedPictures } from '@mafjs/demo-corpus'
import { formatSpread, markdownTable } from '@mafjs/evaluate'
import { chooseThreshold, mixtureCalibration } from '@mafjs/evaluate/calibration'
import { chooseExchanges } from '@mafjs/match'
import { measure, scoreHeldOut } from './judge-pairs'
import { matchingScorer, type Pair } from './matching-task'

const text = (text: string) => ({ type: 'string', default: text }) as const
const { values } = parseArgs({ options: { keep: text('0.95'), epochs: text('40'), seeds: text('5') } })
const engine = await useEngine({ engine: 'onnx', threads: 1 })
const settings = { epochs: Number(values.epochs), batchSize: 160, learningRate: 1e-3, warmup: 0 }

/** Captions as counts of words, pictures as pixels; a fifth of the texts see another's picture. */
function drawPairs(seed: number): Pair[] {
  const drawn = drawCaptionedPictures(1200, seed)
  const vocabulary = [...new Set(drawn.flatMap(({ caption }) => caption.split(' ')))].sort()
  const partners = chooseExchanges({ ids: [...drawn.keys()], rate: 0.2, minimum: 0, seed })
  return drawn.map(({ caption }, group) => {
    const counts = vocabulary.map(word => caption.split(' ').filter(one => one === word).length)
    const { pixels: image } = drawn[partners[group]!]!
    return { text: Float32Array.from(counts), image, group, fits: partners[group] === group }
  })
}

const runs: number[][][] = []
for (let seed = 0; seed < Number(values.seeds); seed++) {
  const { judged, falseScores } = await scoreHeldOut(drawPairs(seed), matchingScorer(engine, settings), seed)
  const scores = judged.map(({ score }) => score)
  const { falseShare, probability } = mixtureCalibration({ scores, falseScores })
  const [own, said] = [judged.map(({ raw }) => 1 / (1 + Math.exp(-raw))), scores.map(probability)]
  const threshold = chooseThreshold(said, { keep: Number(values.keep) })
  const fits = judged.map(({ pair }) => pair.fits!)
  const [before, after] = [measure(own, 0.5, fits), measure(said, threshold, fits)]
  runs.push([Object.values(before), [...Object.values(after), falseShare]])
  console.error(`seed ${seed}: lost ${after.lost.toFixed(3)}, mismatches found ${falseShare.toFixed(3)}`)
}
const rows = ['not calibrated', 'calibrated'].map((name, way) => [
  name,
  ...runs[0]![way]!.map((_, column) => formatSpread(runs.map(run => run[way]![column]!))),
])
const columns = ['%', 'dropped', 'precision', 'recall', 'lost', 'AUC', 'ECE', 'mismatches found']
console.log(markdownTable(columns, rows))
