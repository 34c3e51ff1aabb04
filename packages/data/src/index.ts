export { type BatchOrderOptions, batchOrder } from './batches/batch-order'
export {
  type Batch,
  type CollateOptions,
  type CutPost,
  collate,
  type EncodedPost,
  type WordEncoder,
} from './batches/batches'
export {
  isWindowOverlap,
  LONG_TEXTS,
  type LongTextModel,
  type LongTextOptions,
  type LongTexts,
  windowOverlapOf,
} from './batches/long-texts'
export { type TextWindow, type WindowOptions, type WordRange, windowsOf } from './batches/windows'
export { type Dataset, type DatasetOptions, findSplitFiles, readDataset, type SplitName } from './dataset'
export { HEADER, parseConllLine, withoutTrailingBlanks } from './formats/conll-line'
export { type ParsedPost, type PostOptions, parsePost } from './formats/parse-post'
export { readConll } from './formats/read-conll'
export { isJsonl, readExamples } from './formats/read-examples'
export { readJsonl } from './formats/read-jsonl'
export type { Post, ReadOptions, TextCounts } from './formats/reading'
export { type BrokenPicture, brokenReason, refuseBroken, sortedBroken } from './pictures/broken-picture'
export { createLimit } from './pictures/create-limit'
export {
  checkPictureName,
  createPictureFinder,
  PICTURE_SUFFIXES,
  type PictureFinder,
} from './pictures/picture-files'
export {
  assertOnePicture,
  createPictureStore,
  type LoadedPicture,
  type PictureBatch,
  type PictureLoader,
  type PictureStore,
  type PictureStoreOptions,
  wholePictures,
} from './pictures/pictures'
export { picturesAtOnce } from './pictures/pictures-at-once'
export { pictureIdOf, picturesOf } from './pictures/pictures-of'
export { findTokens } from './posts/entity-words'
export type { Entity, Example, MissingPicture, ReadReport, Split } from './posts/example'
export { type LabelScheme, labelScheme, typesOf } from './posts/labels'
export { readLabel } from './posts/read-label'
export { SPLITTER_NAMES, type SplitText, type SplitterName, splitWords } from './posts/split-words'
export { brokenPictureLines, reportLines } from './report-lines'
