export { loadWeights } from './load-weights'
export { saveWeights } from './save-weights'
export type { Weight, Weights } from './weights'
