import { parseArgs } from 'node:util'
import { writeMobileNet } from './mobilenet'

// Writes an ONNX image encoder for `--image-encoder FILE --regions-output features`.
const { values } = parseArgs({
  options: {
    models: { type: 'string', default: '../shared/models' },
    out: { type: 'string', default: 'runs/mobilenetv2.onnx' },
  },
})
await writeMobileNet(values.out, values.models)
