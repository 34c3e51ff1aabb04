export { attentionMaps } from './attention-maps'
export { entityChanges } from './entity-changes'
export type {
  ErrorGallery,
  GalleryClass,
  GalleryEntity,
  GalleryMatch,
  GalleryPost,
} from './error-gallery'
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
export { gateSummaries } from './gate-summaries'
export type { Numbers, WordPlace } from './numbers'
export { hideRegion, type OcclusionOptions, occlusion, type RegionGrid } from './occlusion'
export { regionBoxes } from './region-boxes'
