export { describeProbe } from '../session/probe-int8'
export { type Leaf, leavesOf, mapTree } from '../trace/tree'
export { createProgram, type Program, type ProgramOptions } from './create-program'
export { createTraining, type Training } from './create-training'
export { createEagerOptimizer } from './eager-optimizer'
export { type EnvironmentReport, examineEnvironment, type FoundPart } from './environment/examine-environment'
export { formatEnvironment, isSlow, isUnusable } from './environment/format-environment'
export { ENVIRONMENT_PARTS, type EnvironmentPart } from './environment/parts'
export { givenTensors } from './given-tensors'
export { int8Note } from './int8-note'
export { findTfjsNode } from './load-tfjs-node'
export { processorName } from './processor-name'
export { restoreUtil } from './restore-util'
export { timePrograms } from './time-programs'
export { BACKENDS, type BackendName, useBackend } from './use-backend'
export {
  describeEngine,
  ENGINES,
  type Engine,
  type EngineName,
  type EngineOptions,
  sessionOf,
  threadsOf,
  useEngine,
} from './use-engine'
