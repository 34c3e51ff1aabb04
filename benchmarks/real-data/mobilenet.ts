import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { exportOnnx } from '@mafjs/compile'
import { useEngine } from '@mafjs/compile/engine'
import type { Tensor4D } from '@tensorflow/tfjs-core'
// What the tests of encoders check against published outputs.
import { mobileNet } from '../../packages/encoders/test/onnx/published-networks'

/** Side of the pictures that MobileNetV2 was trained on. */
const PICTURE = 224

/** Writes MobileNetV2 with its ImageNet weights as an ONNX model of 7 x 7 regions, its output `features`; once. */
export async function writeMobileNet(file: string, models: string): Promise<string> {
  if (existsSync(file)) return file
  await mkdir(dirname(file), { recursive: true })
  await useEngine({ engine: 'onnx', threads: 1 })
  const network = await mobileNet(join(models, 'mobilenetv2_nchw.safetensors'))
  const bytes = await exportOnnx(({ pictures }: { pictures: Tensor4D }) => network(pictures), {
    pictures: { shape: ['batch', PICTURE, PICTURE, 3] },
  })
  await writeFile(`${file}.part`, bytes)
  await rename(`${file}.part`, file)
  return file
}
