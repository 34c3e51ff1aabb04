import { loadPicture, preparationOf } from '@mafjs/encoders'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { decodePictures } from '../src'

test("the picture is resized and cut as the model's configuration says", async () => {
  // A gradient: every crop of it is another one.
  const pixels = Uint8Array.from({ length: 40 * 30 * 3 }, (_, i) => (i * 7) % 256)
  const image = await sharp(pixels, { raw: { width: 40, height: 30, channels: 3 } })
    .png()
    .toBuffer()
  const prepared = async (pictureResize?: number) =>
    (
      await decodePictures({ sources: [image] }, source =>
        loadPicture(source, preparationOf({ pictureSize: 14, pictureResize })),
      )
    ).pictures[0]!.pixels
  const expected = async (resize: number) => (await loadPicture(image, { size: 14, resize })).pixels
  expect(await prepared(14)).toEqual(await expected(14))
  expect(await prepared(21)).toEqual(await expected(21))
  // 14 * 256 / 224
  expect(await prepared()).toEqual(await expected(16))
  expect(await prepared(14)).not.toEqual(await prepared())
})
