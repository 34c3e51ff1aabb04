export {
  ELEMENT_BYTES,
  readSafetensors,
  type SafetensorsContent,
  type SafetensorsType,
  type StoredTensor,
  safetensorsChunks,
  storeFloat32,
  toFloat32,
  writeSafetensors,
} from './safetensors'
