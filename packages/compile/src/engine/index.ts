export { describeProbe } from '../session/probe-int8'
export { type EnvironmentReport, examineEnvironment, type FoundPart } from './environment/examine-environment'
export { formatEnvironment, isSlow, isUnusable } from './environment/format-environment'
export { ENVIRONMENT_PARTS, type EnvironmentPart } from './environment/parts'
export { findTfjsNode } from './load-tfjs-node'
export { processorName } from './processor-name'
export { restoreUtil } from './restore-util'
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
