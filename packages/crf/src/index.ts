export { bioConstraints, type LabelConstraints } from './constraints'
export { type Crf, type CrfConfig, type CrfOutputs, createCrf, type TypedSpan } from './crf'
export type { CrfEmissions, CrfInputs, CrfScores } from './inputs'
export { createLattice, type Lattice, type LatticeOptions, readLattice } from './lattice'
export { type CrfNumbers, latticeOf } from './lattice-of'
export {
  type CrfCheckOptions,
  crfLogLikelihood,
} from './log-likelihood'
export { crfLogPartition } from './log-partition'
export { crfMarginals } from './marginals'
export { type LabelSpan, spanProbabilities } from './span-probabilities'
export { type ViterbiResult, viterbi } from './viterbi'
