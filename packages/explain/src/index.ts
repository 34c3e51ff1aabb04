export { entityChanges } from './entity-changes'
export type {
  AttentionMap,
  Box,
  EntityChange,
  ExplainedEntity,
  ExplainedPicture,
  ExplainedWord,
  Explanation,
  GateSummary,
  WhatIf,
} from './explanation'
