import { largestDeviation, largestValue } from '../../tools/golden/comparison'
import { openTensorFile } from '../files/tensor-file'

/** How far two runs are from the float64 one, as shares of the largest value of each tensor. */
export interface Deviation {
  ours: number
  theirs: number
  /** The tensor where ours is furthest. */
  worst: string
}

/** What was found. */
export interface Comparison {
  outputs: Deviation
  /** Absent for inference. */
  gradients?: Deviation
  tensors: number
  /** Why the race must not be run; absent when all agrees. */
  problem?: string
}

/** Our rounding may be so many times PyTorch's own, as in the parity with the published code. */
const FACTOR = 4

/** Below this no deviation is looked at: some roundings of float32. */
const ROUNDING = 5e-6

/** A tensor whose values are all far below the largest gradient (a key's bias has none at all) is only noise. */
const NOISE = 1e-4

/** Above this PyTorch's own float32 says nothing any more. */
const USELESS = 1e-2

/** Int8 loses digits by design; past this share the outputs are others. */
export const INT8_LIMIT = 0.25

const isGradient = (name: string): boolean => name.startsWith('gradients/')

/**
 * Compares what both sides wrote with PyTorch's float64: ours may be off by no more than a few times what PyTorch's own
 * float32 is off. One tensor of each file is in memory at a time.
 *
 * @param limit replaces the derived bound, for arithmetic that is coarser on purpose.
 */
export function compareWorks(
  paths: { ours: string; theirs: string; exact: string },
  { limit }: { limit?: number } = {},
): Comparison {
  const ours = openTensorFile(paths.ours)
  const theirs = openTensorFile(paths.theirs)
  const exact = openTensorFile(paths.exact)
  const names = Object.keys(exact)
  const odd = [
    ...names.filter(name => !ours[name]).map(name => `${name} is missing from ours`),
    ...Object.keys(ours)
      .filter(name => !exact[name])
      .map(name => `${name} is missing from PyTorch's`),
  ]
  const rows = names.map(name => {
    const [other, truth] = [theirs[name]!(), exact[name]!()]
    const own = ours[name]?.()
    if (own && own.data.length !== truth.data.length)
      odd.push(`${name} is [${own.shape.join(', ')}], PyTorch's is [${truth.shape.join(', ')}]`)
    return {
      name,
      size: largestValue(truth.data),
      ours: own ? largestDeviation(own.data, truth.data) : Number.POSITIVE_INFINITY,
      theirs: largestDeviation(other.data, truth.data),
    }
  })
  const deviation = (members: typeof rows): Deviation => {
    const floor = NOISE * Math.max(...members.map(({ size }) => size))
    const shares = members.map(({ name, size, ours: own, theirs: other }) => {
      const scale = Math.max(size, isGradient(name) ? floor : Number.MIN_VALUE)
      return { name, ours: own / scale, theirs: other / scale }
    })
    const worst = shares.reduce((most, row) => (row.ours > most.ours ? row : most))
    return { ours: worst.ours, theirs: Math.max(...shares.map(row => row.theirs)), worst: worst.name }
  }
  const outputs = deviation(rows.filter(({ name }) => !isGradient(name)))
  const slopes = rows.filter(({ name }) => isGradient(name))
  const gradients = slopes.length > 0 ? deviation(slopes) : undefined
  for (const [what, found] of Object.entries({ outputs, gradients })) {
    if (!found) continue
    const allowed = limit ?? Math.max(ROUNDING, FACTOR * found.theirs)
    if (!(found.theirs <= (limit ?? USELESS)))
      odd.push(`PyTorch's own ${what} are off by ${found.theirs.toExponential(1)}`)
    else if (!(found.ours <= allowed)) {
      odd.push(
        `${what} are off by ${found.ours.toExponential(1)} at ${found.worst}; allowed are ${allowed.toExponential(1)}`,
      )
    }
  }
  return {
    outputs,
    ...(gradients && { gradients }),
    tensors: names.length,
    ...(odd.length > 0 && { problem: odd.slice(0, 4).join('; ') }),
  }
}
