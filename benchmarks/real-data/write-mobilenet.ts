import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { exportOnnx } from '@mafjs/compile'
import { useEngine } from '@mafjs/ner-maf'
import type { Tensor4D } from '@tensorflow/tfjs-core'
// What the tests of ner-maf check against published outputs.
import { mobileNet } from '../../packages/ner-maf/test/onnx-image/published-networks'

// Writes MobileNetV2 with its ImageNet weights as an ONNX image encoder of 7 x 7 regions, its output `features`.
const { values } = parseArgs({
  options: {
    models: { type: 'string', default: '../shared/models' },
    out: { type: 'string', default: 'runs/mobilenetv2.onnx' },
  },
})
await useEngine({ engine: 'onnx', threads: 1 })
const network = await mobileNet(join(values.models, 'mobilenetv2_nchw.safetensors'))
const bytes = await exportOnnx(({ pictures }: { pictures: Tensor4D }) => network(pictures), {
  pictures: { shape: ['batch', 224, 224, 3] },
})
await mkdir(dirname(values.out), { recursive: true })
await writeFile(`${values.out}.part`, bytes)
await rename(`${values.out}.part`, values.out)
