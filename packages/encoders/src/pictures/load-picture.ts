import { decode } from './decode'
import { completePreparation, type LoadPictureOptions, type Picture, preparePicture } from './prepare-picture'
import { readSource } from './read-source'

/**
 * Loads a picture from a path or its encoded bytes: told by content, not by suffix; upright; alpha on white; the first
 * frame of an animation; then torchvision's `Resize(resize)`, `CenterCrop(size)`, `ToTensor` and `Normalize`, without
 * anything random. Nothing is ever fetched from a network.
 *
 * @throws PictureError naming the picture, its fault and the fix.
 * @throws InvalidArgumentError for options that do not fit.
 */
export async function loadPicture(
  source: string | Uint8Array,
  options: LoadPictureOptions = {},
): Promise<Picture> {
  const complete = completePreparation(options)
  const { pixelLimit, shrinkOnLoad, resize } = complete
  const raster = await decode(await readSource(source), pixelLimit, shrinkOnLoad ? resize : undefined)
  return preparePicture(raster, complete)
}
