export { defineExplanationView, type ExplanationView, type ShownWith } from './explanation-view'
export type { ShownPictures } from './view-state'
