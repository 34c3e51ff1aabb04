import { expect, test } from 'vitest'
import { writeTinyOnnx } from '../../../ner-maf/test/onnx-image/write-onnx'
import { writeTask } from '../../../ner-maf/test/train/run-files'
import { here } from './command'

test('an ONNX image encoder from the command line', async () => {
  const { data, images, textEncoder, folder, out } = await writeTask({ train: 8, valid: 2, test: 2 })
  const onnx = await writeTinyOnnx(folder)
  const args = ['train', '--data', data, '--images', images, '--text-encoder', textEncoder, '--out', out]
  const quick = ['--random-text-encoder', '--epochs', '1', '--threads', '1', '--max-length', '64']
  const encoder = ['--image-encoder', onnx]
  const none = await here(...args, ...quick, ...encoder)
  expect(none.stderr).toMatch(/InvalidArgumentError: --regions-output must name an output of .*last, first/)
  const three = await here(...args, ...quick, ...encoder, '--picture-mean', '0.5,0.5')
  expect(three).toMatchObject({ code: 2 })
  const lost = await here(...args, ...quick, '--image-encoder', 'a.pth', '--regions-output', 'first')
  expect(lost.stderr).toMatch(/--regions-output belongs to an image encoder that is an \.onnx file/)
  const options = ['--regions-output', 'first', '--summary-output', 'pooled', '--picture-mean', '0,0,0']
  const { code, stderr } = await here(...args, ...quick, ...encoder, ...options)
  expect(stderr).toContain('9 regions of 5 numbers for 12 x 12 pixels, pooled as the summary.')
  expect(code).toBe(0)
})
