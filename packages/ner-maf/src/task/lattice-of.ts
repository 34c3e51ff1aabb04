import type { HostArray } from '@mafjs/compile'
import { bioConstraints, type Crf, createLattice, type Lattice } from '@mafjs/crf'

/**
 * A batch under a CRF's scores and constraints, from emissions that are no tensor.
 *
 * @param emissions `[batch, steps, labels]`
 * @param mask `[batch, steps]`
 * @throws InvalidArgumentError for a mask with holes, or an emission that is not finite.
 */
export async function latticeOf(
  crf: Crf,
  emissions: HostArray<Float32Array>,
  mask: HostArray<Float32Array>,
): Promise<Lattice> {
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
