export { type BatchOrderOptions, batchOrder } from './batch-order'
export {
  type Batch,
  type CollateOptions,
  type CutPost,
  collate,
  type EncodedPost,
  type WordEncoder,
} from './batches'
export { type BrokenPicture, brokenReason, refuseBroken, sortedBroken } from './broken-picture'
export { type Dataset, type DatasetOptions, readDataset, type SplitName } from './dataset'
export { findTokens } from './entity-words'
export type { Entity, Example, MissingPicture, ReadReport, Split } from './example'
export { type LabelScheme, labelScheme, typesOf } from './labels'
export {
  isWindowOverlap,
  LONG_TEXTS,
  type LongTextModel,
  type LongTextOptions,
  type LongTexts,
  windowOverlapOf,
} from './long-texts'
export { type ParsedPost, type PostOptions, parsePost } from './parse-post'
export { checkPictureName, createPictureFinder, type PictureFinder } from './picture-files'
export {
  assertOnePicture,
  createPictureStore,
  type LoadedPicture,
  type PictureBatch,
  type PictureLoader,
  type PictureStore,
  type PictureStoreOptions,
  wholePictures,
} from './pictures'
export { picturesAtOnce } from './pictures-at-once'
export { pictureIdOf, picturesOf } from './pictures-of'
export { readConll } from './read-conll'
export { readExamples } from './read-examples'
export { readJsonl } from './read-jsonl'
export type { Post, ReadOptions, TextCounts } from './reading'
export { brokenPictureLines, reportLines } from './report-lines'
export { SPLITTER_NAMES, type SplitText, type SplitterName, splitWords } from './split-words'
export { type TextWindow, type WindowOptions, type WordRange, windowsOf } from './windows'
