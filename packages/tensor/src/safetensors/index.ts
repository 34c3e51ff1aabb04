export { fromHalf } from './float16'
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
export { storeFloat16, toHalf } from './store-float16'
