import { type Crf, constraintsOf } from './crf'
import { createLattice, type Lattice } from './lattice'

/** Numbers with their shape. */
interface Numbers {
  data: Float32Array
  shape: readonly number[]
}

/**
 * A batch under a CRF's scores and constraints, from emissions that are no tensor.
 *
 * @param emissions `[batch, steps, labels]`
 * @param mask `[batch, steps]`
 * @throws InvalidArgumentError for a mask with holes, or an emission that is not finite.
 */
export async function latticeOf(crf: Crf, emissions: Numbers, mask: Numbers): Promise<Lattice> {
  // In the order in which the layer makes them.
  const values = Object.values(crf.parameters()).map(parameter => parameter.data<'float32'>())
  const [start, end, transitions] = (await Promise.all(values)) as [Float32Array, Float32Array, Float32Array]
  const batch = { emissions: emissions.data, mask: mask.data, positions: mask.shape[1]! }
  return createLattice({ ...batch, start, end, transitions, constraints: constraintsOf(crf.config) })
}
