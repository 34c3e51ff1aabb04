export { CHECKPOINT_FILES, type CheckpointFile } from './checkpoint-files'
export { HubError } from './hub-error'
export { type ResolveCheckpointOptions, resolveCheckpoint } from './resolve-checkpoint'
export { installedModel, resolveModel } from './resolve-model'
