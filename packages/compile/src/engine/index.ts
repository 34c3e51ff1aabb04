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
