import { expect, test } from 'vitest'
import { IMAGENET_MEAN } from '../../src'
import { picturePreparation } from '../../src/checkpoint/picture-preparation'

const CLIP = { feature_extractor_type: 'CLIPFeatureExtractor' }

test('an old file of CLIP, where sizes are bare numbers and the rest is left out', () => {
  expect(picturePreparation({ ...CLIP, size: 256, crop_size: 224 })).toMatchObject({
    size: 224,
    resize: 256,
    fit: 'crop',
    resample: 'bicubic',
    mean: [0.48145466, 0.4578275, 0.40821073],
  })
})

test('a factor other than 1/255 is a matter of mean and deviation: (v / 127.5 - 1) / 1', () => {
  const fields = { image_processor_type: 'ViTImageProcessor', rescale_factor: 1 / 127.5 }
  const { mean, deviation } = picturePreparation({ ...fields, image_mean: [1, 1, 1], image_std: 1 })
  for (const value of [...mean, ...deviation]) expect(value).toBeCloseTo(0.5, 12)
  const plain = picturePreparation({ ...fields, do_rescale: false, do_normalize: false })
  expect([plain.mean[0], plain.deviation[0]]).toEqual([0, 1 / 255])
  const own = picturePreparation({
    image_processor_type: 'ViTImageProcessorFast',
    image_mean: [...IMAGENET_MEAN],
  })
  expect(own.mean).toEqual(IMAGENET_MEAN)
})

test.each([
  [{ size: { height: 224, width: 200 } }, /size must be a number, \{ height, width \} of a square/],
  [{ size: { shortest_edge: 224, longest_edge: 300 } }, /size must be/],
  [{ crop_size: 300 }, /crop_size must be at most the size, 224. Received: 300/],
  [{ image_std: [1, 0, 1] }, /image_std must be three positive numbers/],
  [{ rescale_factor: '1/255' }, /rescale_factor must be a positive number/],
])('refuses %j', (change, message) => {
  expect(() => picturePreparation({ ...CLIP, ...change })).toThrow(message)
})
