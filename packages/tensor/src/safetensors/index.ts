export {
  ELEMENT_BYTES,
  isReadType,
  readSafetensors,
  type SafetensorsContent,
  type SafetensorsType,
  type StoredTensor,
  safetensorsChunks,
  storeFloat32,
  toFloat32,
  UNREAD_TYPES,
  writeSafetensors,
} from './safetensors'
