import { bioConstraints } from './constraints'
import type { Crf } from './crf'
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
  const { labels, constraints } = crf.config
  const parameters = crf.parameters()
  const [start, end, transitions] = await Promise.all(
    ['start_transitions', 'end_transitions', 'transitions'].map(name => parameters[name]!.data<'float32'>()),
  )
  return createLattice({
    emissions: emissions.data,
    mask: mask.data,
    positions: mask.shape[1]!,
    start: start!,
    end: end!,
    transitions: transitions!,
    ...(constraints === 'bio' && typeof labels !== 'number' && { constraints: bioConstraints(labels) }),
  })
}
