export {
  type Batch,
  type CollateOptions,
  type CutPost,
  collate,
  type EncodedPost,
  type WordEncoder,
} from './batches/batches'
export { fewLengths } from './batches/few-lengths'
export {
  isWindowOverlap,
  LONG_TEXTS,
  type LongTextModel,
  type LongTextOptions,
  type LongTexts,
  windowOverlapOf,
} from './batches/long-texts'
export { padBatch } from './batches/pad-batch'
export { type TokenizedPosts, tokenize } from './batches/tokenize'
export { cutPosts, dividedPosts, type WindowRow, windowRows } from './batches/window-rows'
export { type TextWindow, type WindowOptions, type WordRange, windowsOf } from './batches/windows'
export { type ConvertReport, type ConvertRunOptions, convertRun } from './convert/convert-run'
export { TARGET_NAMES, type TargetName } from './convert/targets'
export { type Dataset, type DatasetOptions, readDataset, type SplitName } from './dataset'
export { type Comparable, type DuplicateLimits, nearDuplicates } from './duplicates/near-duplicates'
export { hashDistance, type PictureHash, pictureHash } from './duplicates/picture-hash'
export { type EvaluatedBy, type EvaluatePostsInputs, evaluatePosts } from './evaluations/evaluate-posts'
export { readEvaluation, replaceEvaluation, writeEvaluation } from './evaluations/evaluation-folder'
export { dataFingerprint, pictureFingerprint } from './fingerprints'
export { conll } from './formats/conll'
export type { Format, Parsed, Place, WritingFormat } from './formats/format'
export { FORMATS, formatOf } from './formats/formats'
export { jsonl } from './formats/jsonl'
export { nearField } from './formats/known-fields'
export type { BrokenPicture, OnBrokenPicture, Pictured, PictureFolder } from './pictures/broken-picture'
export { createLimit } from './pictures/create-limit'
export {
  type DecodedPictures,
  type DecodeOptions,
  decodePictures,
  type NamedPicture,
  type SkippedPicture,
} from './pictures/decode-pictures'
export { type BatchPicturesOptions, batchPictures, type PictureBatch } from './pictures/picture-batch'
export {
  createPictureFinder,
  PICTURE_SUFFIXES,
  type PictureFinder,
} from './pictures/picture-files'
export {
  createPictureStore,
  type LoadedPicture,
  type PictureLoader,
  type PictureStoreOptions,
  type Pictures,
  wholePictures,
} from './pictures/pictures'
export { picturesAtOnce } from './pictures/pictures-at-once'
export { pictureIdOf, picturesOf } from './pictures/pictures-of'
export { assertTrainable } from './posts/assert-trainable'
export { findTokens } from './posts/entity-words'
export { goldLabels } from './posts/gold-labels'
export { labelIds } from './posts/label-ids'
export { isLabelledInPart, type LabelledPart, predictionsToScore } from './posts/labelled-part'
export { type LabelScheme, labelScheme, typesOf } from './posts/labels'
export { LABEL_SCHEME_NAMES, type LabelSchemeName } from './posts/orphans'
export type { PictureNaming } from './posts/picture-name'
export type {
  Entity,
  MissingPicture,
  ParsedPost,
  Post,
  ReadReport,
  SourcePlace,
  Split,
  Written,
} from './posts/post'
export { firstError, notUtf8, type Problem, type ProblemCode } from './posts/problem'
export { type EntityReading, MISPLACED_NAMES } from './posts/read-entities'
export { SPLITTER_NAMES, type SplitText, type SplitterName, splitWords } from './posts/split-words'
export { OFFSET_NAMES, type OffsetReading } from './posts/text-offsets'
export { type ReadSplitsOptions, readSplits } from './read-splits'
export { type GatheredBytes, gatherBytes } from './reading/gather-bytes'
export { type ReadOptions, readExamples } from './reading/read-examples'
export type { Reading } from './reading/read-file'
export { type PostInput, type ReadPost, type ReadPostOptions, readPost } from './reading/read-post'
export { type LinePlace, type PostLine, readPostLine } from './reading/read-post-line'
export { type ReadingOptions, readingOf } from './reading/reading-options'
export { LINE_LIMIT, type StreamLinesOptions, streamLines } from './reading/stream-lines'
export { brokenPictureLines, reportLines, unreadNotes } from './report-lines'
export { type DealtPost, dealGroups } from './split/deal-groups'
export { formatSplit } from './split/format-split'
export { type RelatedOptions, type RelatedPosts, relatedPosts } from './split/related-posts'
export { type SplitCounts, type SplitReport, type SplitRunOptions, splitRun } from './split/split-run'
export { type SplitFingerprint, splitFingerprint } from './split-fingerprint'
export { type UnpackPicturesOptions, unpackPictures } from './unpack-pictures'
