export { assignWeights, type CheckpointReport } from './checkpoint/assign-weights'
export {
  textEncoderConfigFromHuggingFace,
  textEncoderConfigToHuggingFace,
} from './checkpoint/hugging-face-config'
export {
  type LoadedTextEncoder,
  type LoadTextEncoderOptions,
  loadTextEncoder,
} from './checkpoint/load-text-encoder'
export { loadTextEncoderConfig } from './checkpoint/load-text-encoder-config'
export { type LoadedTokenizer, type LoadTokenizerOptions, loadTokenizer } from './checkpoint/load-tokenizer'
export type { CreateOptions } from './create-options'
export {
  type FreezableEncoder,
  type FrozenImageEncoder,
  freezeEncoder,
  isFrozen,
} from './freeze-encoder'
export {
  CHECKPOINT_FILES,
  type CheckpointFile,
  HubError,
  installedModel,
  type ResolveCheckpointOptions,
  resolveCheckpoint,
  resolveModel,
} from './hub'
export {
  type AnyImageEncoder,
  createImageEncoder,
  type ImageEncoderConfig,
} from './image/create-image-encoder'
export {
  type CompleteEfficientNetConfig,
  completeEfficientNetConfig,
  type EfficientNetConfig,
} from './image/efficientnet-config'
export { createEfficientNetEncoder } from './image/efficientnet-encoder'
export { encodePlaced, type PlacedPictures } from './image/encode-placed'
export type { EncodingArrays, PictureArrays } from './image/image-arrays'
export type { ImageEncoder, ImageInputs } from './image/image-inputs'
export { type CompletePatchConfig, createPatchEncoder, type PatchConfig } from './image/patch-encoder'
export { createPictureBatch, type PictureBatchOptions } from './image/picture-batch'
export {
  type CompleteResNetConfig,
  completeResNetConfig,
  type ResNetBlock,
  type ResNetConfig,
  type ResNetDepth,
  type ResNetLayers,
  resNetChannels,
} from './image/resnet-config'
export { createResNetEncoder } from './image/resnet-encoder'
export { type ResNetStages, resNetStages } from './image/resnet-stages'
export {
  type CompleteVisionConfig,
  completeVisionConfig,
  type VisionActivation,
  type VisionConfig,
} from './image/vision-config'
export { visionStates } from './image/vision-states'
export { createVisionTransformer } from './image/vision-transformer'
export {
  type LoadedImageEncoder,
  type LoadImageEncoderOptions,
  loadImageEncoder,
} from './load-image-encoder'
export {
  checkPicture,
  completePreparation,
  type DecodedPicture,
  IMAGENET_DEVIATION,
  IMAGENET_MEAN,
  type LoadPictureOptions,
  loadPicture,
  PIXEL_LIMIT,
  type Picture,
  PictureError,
  type PictureFault,
  type PictureFormat,
  type PictureHeader,
  type PicturePreparation,
  pictureHeader,
  preparePicture,
  type Resample,
  type SeenPicture,
  SIDE_LIMIT,
} from './pictures'
export {
  type PictureTransform,
  preparationOf,
  preparationProblem,
  resizeFor,
  type SavedPreparation,
  savedPreparation,
} from './pictures/saved-preparation'
export { createTextEncoder, type TextEncoder } from './text/create-text-encoder'
export type { DisentangledConfig } from './text/disentangled-config'
export { embeddingLookup } from './text/embedding-lookup'
export { encodeTokens } from './text/encode-tokens'
export type { RotaryConfig } from './text/rotary-config'
export {
  type CompleteTextEncoderConfig,
  completeTextEncoderConfig,
  type TextEncoderConfig,
} from './text/text-encoder-config'
export { TEXT_ENCODER_KINDS, type TextEncoderKind } from './text/text-encoder-traits'
export { createTokenBatch, type TextInputs, type TokenBatchOptions } from './text/token-batch'
export { WORD_SHAPES, type WordShape, wordShape } from './text/word-shapes'
export { assertTokenizerFits } from './tokenizer/assert-tokenizer-fits'
export type { SpecialIds, SpecialTokens } from './tokenizer/special-tokens'
export {
  type MergesTokenizerOptions,
  parseMerges,
  tokenizerFromMerges,
} from './tokenizer/tokenizer-from-merges'
export { parseVocab, tokenizerFromVocab, type VocabTokenizerOptions } from './tokenizer/tokenizer-from-vocab'
export type { AddedToken, TokenizerJson } from './tokenizer/tokenizer-json'
export {
  createWordTokenizer,
  type EncodedWords,
  type WordTokenizer,
  type WordTokenizerOptions,
} from './tokenizer/word-tokenizer'
export {
  loadWeights,
  numbersIn,
  type ReadWeights,
  readWeights,
  saveWeights,
  WEIGHT_FILES,
  type Weight,
  type Weights,
} from './weights'
