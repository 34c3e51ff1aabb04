import { normal } from '../random'
import { type Bench, SEED } from './bench'
import { differentiate, objectiveTerms } from './differentiate'
import type { PlainInputs } from './plain'
import type { Finding } from './subject'

/** A gradient below this share of the module's largest is rounding. */
const NOTHING = 5e-6

/** Steps of the finite differences: a smaller one follows where a kink lies within the larger. */
const STEPS = [2e-2, 4e-3, 8e-4]

/** Every parameter has a gradient, and all gradients are those of finite differences, the inputs' too. */
export async function checkGradients(bench: Bench): Promise<Finding[]> {
  const findings: Finding[] = []
  const report = (subject: string, message: string | undefined): void => {
    if (message) findings.push({ check: 'gradient', subject, message })
  }
  const { plain, values, subject } = bench
  const { zeroGradients = {} } = subject
  const { parameters, inputs } = await differentiate(bench, plain)
  const here = await objectiveTerms(bench, plain)
  const largest = Math.max(...Object.values({ ...parameters, ...inputs }).map(largestOf))
  for (const [name, gradient] of Object.entries(parameters)) {
    const isZero = largestOf(gradient) <= NOTHING * largest
    const isDeclared = zeroGradients[name] !== undefined
    if (isZero && !isDeclared) {
      report(name, 'receives no gradient')
      continue
    }
    if (!isZero && isDeclared) report(name, 'is declared to have no gradient, but has one')
    const there = (step: Float64Array): Promise<Float64Array> =>
      objectiveTerms(bench, plain, { parameters: { [name]: moved(values[name]!, step) } })
    report(name, await mismatch(name, gradient, here, there))
  }
  for (const [path, gradient] of Object.entries(inputs)) {
    const there = (step: Float64Array): Promise<Float64Array> =>
      objectiveTerms(bench, movedInput(plain, path, step))
    report(path, await mismatch(path, gradient, here, there))
  }
  for (const [name, reason] of Object.entries(zeroGradients)) {
    if (!parameters[name]) report(name, 'is declared to have no gradient, but is no trainable parameter')
    else if (!reason.trim()) report(name, 'is declared to have no gradient without a reason')
  }
  return findings
}

/** Where the gradient is not that of finite differences along one direction; undefined where it is. */
async function mismatch(
  site: string,
  gradient: Float32Array,
  here: Float64Array,
  there: (step: Float64Array) => Promise<Float64Array>,
): Promise<string | undefined> {
  const direction = directionFor(gradient, site)
  const analytic = gradient.reduce((sum, value, index) => sum + value * direction[index]!, 0)
  const rounding = 2 ** -24 * Math.sqrt(here.reduce((sum, term) => sum + term * term, 0))
  let fault: string | undefined
  for (const size of STEPS) {
    const rise = async (multiple: number): Promise<number> => {
      const terms = await there(direction.map(value => value * size * multiple))
      return terms.reduce((sum, term, index) => sum + (term - here[index]!), 0)
    }
    const [back2, back1, ahead1, ahead2] = [await rise(-2), await rise(-1), await rise(1), await rise(2)]
    // Errors of the second order cancel in each. One side alone is right where a kink (ReLU) lies on the other.
    const slopes = [
      (8 * (ahead1 - back1) - (ahead2 - back2)) / (12 * size),
      (4 * ahead1 - ahead2) / (2 * size),
      (back2 - 4 * back1) / (2 * size),
    ]
    const fits = (slope: number): boolean =>
      Math.abs(slope - analytic) <=
      0.02 * Math.max(Math.abs(analytic), Math.abs(slope)) + (15 * rounding) / size
    if (slopes.some(fits)) return undefined
    fault ??= `has the derivative ${analytic} along a direction where finite differences give ${slopes[0]}`
  }
  return fault
}

function largestOf(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
}

/** A unit vector between the gradient, along which the signal is strongest, and a random one, which misses nothing. */
function directionFor(gradient: Float32Array, site: string): Float64Array {
  const random = unit(Float64Array.from(normal(gradient.length, { seed: SEED, site: `direction ${site}` })))
  const steepest = unit(Float64Array.from(gradient))
  return unit(random.map((value, index) => value + steepest[index]!))
}

function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  return length > 0 ? vector.map(value => value / length) : vector
}

function moved(values: ArrayLike<number>, step: Float64Array): Float32Array {
  return Float32Array.from(values, (value, index) => value + step[index]!)
}

function movedInput(plain: PlainInputs, path: string, step: Float64Array): PlainInputs {
  const part = plain[path]
  if (!part || !('tensor' in part)) return plain
  return { ...plain, [path]: { tensor: { ...part.tensor, data: moved(part.tensor.data, step) } } }
}
