import { InvalidArgumentError } from '@mafjs/tensor'
import { type DemoType, demoTypes } from './entity-types'

/** A picture with its class: RGB bytes `[height, width, 3]`. */
export interface ProbePicture {
  pixels: Uint8Array
  pictureClass: DemoType
}

/** What the probe found. */
export interface ProbeResult {
  /** Share of the test pictures whose class it names. */
  accuracy: number
  /** What guessing gets right: one in four. */
  chance: number
}

const channels = 3
const iterations = 400
const learningRate = 0.5

function meanColour(pixels: Uint8Array): number[] {
  const sum = [0, 0, 0]
  for (let i = 0; i < pixels.length; i++) sum[i % channels]! += pixels[i]!
  return sum.map(value => value / (pixels.length / channels))
}

function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores)
  const powers = scores.map(score => Math.exp(score - largest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map(power => power / total)
}

/**
 * How far the mean colour alone tells the classes apart: multinomial logistic regression on mean red, green and blue,
 * standardised, by full-batch gradient descent on the cross entropy from zero weights. Near 0.25 there is nothing in it.
 *
 * @throws InvalidArgumentError without pictures to train or to test on.
 */
export function meanColourProbe({ train, test }: Record<'train' | 'test', ProbePicture[]>): ProbeResult {
  if (train.length === 0 || test.length === 0) {
    throw new InvalidArgumentError({
      argument: train.length === 0 ? 'train' : 'test',
      rule: 'must hold at least one picture',
      received: [],
    })
  }
  const raw = train.map(({ pixels }) => meanColour(pixels))
  const average = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
  const axes = Array.from({ length: channels }, (_, c) => {
    const values = raw.map(colour => colour[c]!)
    const mean = average(values)
    return { mean, deviation: Math.sqrt(average(values.map(value => (value - mean) ** 2))) || 1 }
  })
  const features = (colour: readonly number[]) => [
    1,
    ...axes.map(({ mean, deviation }, c) => (colour[c]! - mean) / deviation),
  ]
  const weights = demoTypes.map(() => new Array<number>(channels + 1).fill(0))
  const scores = (x: readonly number[]) =>
    weights.map(row => row.reduce((sum, weight, i) => sum + weight * x[i]!, 0))
  const inputs = raw.map(features)
  for (let step = 0; step < iterations; step++) {
    const gradient = weights.map(row => row.map(() => 0))
    for (const [n, x] of inputs.entries()) {
      const probabilities = softmax(scores(x))
      for (const [k, type] of demoTypes.entries()) {
        const error = probabilities[k]! - (train[n]!.pictureClass === type ? 1 : 0)
        for (const [i, value] of x.entries()) gradient[k]![i]! += error * value
      }
    }
    for (const [k, row] of weights.entries()) {
      for (const i of row.keys()) row[i]! -= (learningRate * gradient[k]![i]!) / inputs.length
    }
  }
  const right = test.filter(({ pixels, pictureClass }) => {
    const found = scores(features(meanColour(pixels)))
    return demoTypes[found.indexOf(Math.max(...found))] === pictureClass
  })
  return { accuracy: right.length / test.length, chance: 1 / demoTypes.length }
}
