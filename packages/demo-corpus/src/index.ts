export { type CaptionedPicture, drawCaptionedPictures } from './captioned-pictures'
export { type DemoCeilings, demoCeilings } from './ceilings'
export {
  createDemoCorpus,
  type DemoCorpus,
  type DemoCorpusOptions,
  type DemoSplit,
  demoSplits,
} from './create-demo-corpus'
export type { DemoEntity, DemoPost } from './demo-post'
export { type DemoType, demoTypes } from './entity-types'
export { defaultShares, type PostKind, type PostShares, postKinds } from './kinds'
export { meanColourProbe, type ProbePicture, type ProbeResult } from './mean-colour-probe'
export {
  encodePng,
  type PictureOptions,
  pictureObject,
  pictureScene,
  renderPicture,
} from './pictures/render-picture'
export { type PostPicture, renderPostPicture } from './post-picture'
export { type ShowcasePost, showcasePosts } from './showcase'
export { type WrittenCorpus, writeDemoCorpus } from './write-demo-corpus'
