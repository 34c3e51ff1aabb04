export { checkConformance } from './check-conformance'
export {
  encodingInput,
  type InputSpec,
  indexInput,
  maskInput,
  type TensorInput,
  type TensorInputOptions,
  tensorInput,
  type ValueInput,
  valueInput,
  type Words,
} from './inputs'
export { type Golden, type GoldenJson, type GoldenLosses, readGolden } from './read-golden'
export type { ConformanceCheck, ConformanceSubject, Finding, OutputSpec } from './subject'
