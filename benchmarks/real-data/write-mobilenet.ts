import { Command } from '@commander-js/extra-typings'
import { runCommand } from '../../tools/command'
import { writeMobileNet } from './mobilenet'

// Writes an ONNX image encoder for `--image-encoder FILE --regions-output features`.
const command = new Command('write-mobilenet.ts')
  .option('--models <folder>', 'where mobilenetv2_nchw.safetensors is', '../shared/models')
  .option('--out <file>', 'to write', 'runs/mobilenetv2.onnx')
await runCommand(command.action(async ({ out, models }) => void (await writeMobileNet(out, models))))
