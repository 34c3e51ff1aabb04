/**
 * The names that a checkpoint's weights have in their folder, those that are read first: safetensors before a pickle, whole
 * ones before those in half precision.
 */
export const WEIGHT_FILES: readonly string[] = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
  'model.fp16.safetensors',
]
