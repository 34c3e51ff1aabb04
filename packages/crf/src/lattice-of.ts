import { constraintsOf } from './constraints'
import type { Crf } from './crf'
import { createLattice, type Lattice } from './lattice'

/** Numbers with their shape. */
interface Numbers {
  data: Float32Array
  shape: readonly number[]
}

/** A CRF of which no engine holds the numbers, as a file has them. */
export interface CrfNumbers {
  labels: readonly string[]
  constraints: 'bio' | 'none'
  /** `[labels]` */
  start: readonly number[]
  /** `[labels]` */
  end: readonly number[]
  /** `[from][to]` */
  transitions: readonly (readonly number[])[]
}

/**
 * A batch under a CRF's scores and constraints, from emissions that are no tensor.
 *
 * @param emissions `[batch, steps, labels]`
 * @param mask `[batch, steps]`
 * @throws InvalidArgumentError for a mask with holes, or an emission that is not finite.
 */
export async function latticeOf(crf: Crf | CrfNumbers, emissions: Numbers, mask: Numbers): Promise<Lattice> {
  const [start, end, transitions] = await ('parameters' in crf ? held(crf) : written(crf))
  const batch = { emissions: emissions.data, mask: mask.data, positions: mask.shape[1]! }
  const rules = 'parameters' in crf ? crf.config : crf
  return createLattice({ ...batch, start, end, transitions, constraints: constraintsOf(rules) })
}

type Scores = [start: Float32Array, end: Float32Array, transitions: Float32Array]

/** In the order in which the layer makes them. */
const held = async (crf: Crf): Promise<Scores> =>
  (await Promise.all(Object.values(crf.parameters()).map(parameter => parameter.data<'float32'>()))) as Scores

/** In the precision in which an engine would hold them. */
const written = ({ start, end, transitions }: CrfNumbers): Scores => [
  Float32Array.from(start),
  Float32Array.from(end),
  Float32Array.from(transitions.flat()),
]
