export { encodePictures } from './encode-pictures'
export { createOnnxImage, type OnnxImage } from './onnx-image'
export {
  ONNX_IMAGE_FILE,
  type OnnxImageConfig,
  PICTURE_LAYOUTS,
  type PictureLayout,
  type RegionsLayout,
} from './onnx-image-config'
export { type OnnxImageOptions, onnxImageOptionsOf } from './onnx-image-options'
export { readImageModel } from './read-image-model'
