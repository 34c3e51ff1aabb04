import { InvalidArgumentError } from '@mafjs/tensor'
import { requireOneOf, requireWhole } from './require'

/** How DeBERTa knows where words stand: by their distance (He et al. 2021). */
export interface DisentangledConfig {
  /** Whether a table of positions is added to the words too. @default false */
  addsPositions: boolean
  /** Rows of the table of distances on either side, where those far away share them; 0 is one for each distance. @default 256 */
  buckets: number
  /** The distance beyond which all are one. @default maxPositions */
  farthest: number
  /** What attends to what: a query's content to a key's position, and the other way round. @default both */
  attention: readonly ('c2p' | 'p2c')[]
  /** Whether distances are projected by the layers of the words. @default true */
  sharesProjections: boolean
  /** Whether the table is normalised. @default true */
  normalises: boolean
  /** The convolution beside the first layer: how many words it reads at once, an odd number. @default null, none */
  convolution: { size: number; activation: 'tanh' | 'gelu' } | null
}

/** That of the published DeBERTa 3. */
export function publishedDisentangled(maxPositions: number): DisentangledConfig {
  return {
    addsPositions: false,
    buckets: 256,
    farthest: maxPositions,
    attention: ['c2p', 'p2c'],
    sharesProjections: true,
    normalises: true,
    convolution: null,
  }
}

/** Of more, the rows of all distances would not be counted out. */
const MOST_POSITIONS = 2 ** 20

/** @throws InvalidArgumentError naming the field that breaks its rule. */
export function assertDisentangled(
  { buckets, farthest, attention, convolution }: DisentangledConfig,
  maxPositions: number,
): void {
  const refuse = (argument: string, rule: string, received: unknown): never => {
    throw new InvalidArgumentError({ argument: `disentangled${argument}`, rule, received })
  }
  if (maxPositions > MOST_POSITIONS) {
    const rule = `must be at most ${MOST_POSITIONS} where distances are looked up`
    throw new InvalidArgumentError({ argument: 'maxPositions', rule, received: maxPositions })
  }
  requireWhole('disentangled.buckets', buckets, 0)
  requireWhole('disentangled.farthest', farthest, 1)
  const middle = Math.floor(buckets / 2)
  if (buckets === 1) refuse('.buckets', 'must be 0, or at least 2', buckets)
  if (buckets > 0 && maxPositions - 1 > middle && farthest - 1 <= middle) {
    refuse('.farthest', `must be more than ${middle + 1}, from where on distances share rows`, farthest)
  }
  const kinds = new Set<string>(attention)
  kinds.delete('c2p')
  kinds.delete('p2c')
  if (kinds.size > 0 || new Set(attention).size < attention.length) {
    refuse('.attention', 'must list c2p, p2c or both', attention.join(', '))
  }
  if (
    convolution &&
    !(Number.isInteger(convolution.size) && convolution.size % 2 === 1 && convolution.size < 100)
  ) {
    refuse('.convolution.size', 'must be an odd number below 100', convolution.size)
  }
  if (convolution)
    requireOneOf('disentangled.convolution.activation', convolution.activation, ['tanh', 'gelu'])
}
