import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from '@commander-js/extra-typings'
import { useBackend } from '@mafjs/compile/engine'
import { QUANTIZATIONS } from '@mafjs/ner-maf'
import { runCommand, withFolder } from '../../tools/command'
import { runShown } from '../../tools/processes'
import { exportCases } from './export-cases'
import { DRAWN_MODELS, writeDrawnModel, writeLabelledPosts } from './models'

// Exports models and has PyPI's onnx and onnxruntime verify them: drawn ones of every kind, or --model FOLDER.
const command = new Command('npm run verify-export --')
  .option('--python <python>', 'a Python with onnx, onnxruntime and numpy', 'python3')
  .option('--emulator <words>', 'in front of it: an emulator, such as "qemu-x86_64 -cpu Haswell"', '')
  .option('--model <folder>', 'a checkpoint (default: drawn models of every kind)')
  .option('--data <path>', 'posts with labels, to export it in int8 too')
  .option('--images <folder>', 'their pictures')

async function verify(root: string, given: ReturnType<typeof command.opts>): Promise<void> {
  const folders: string[] = []
  const add = async (name: string, options: Parameters<typeof exportCases>[1]): Promise<void> => {
    folders.push(join(root, name))
    await exportCases(join(root, name), { threads: 2, ...options })
  }
  if (given.model !== undefined) {
    await add('float', { model: given.model })
    if (given.data !== undefined) {
      const { model, data, images } = given
      for (const quantize of QUANTIZATIONS) {
        await add(quantize, { model, data, quantize, force: true, images })
      }
    }
  } else {
    const posts = await writeLabelledPosts(join(root, 'posts'))
    for (const [name, drawn] of Object.entries(DRAWN_MODELS)) {
      const model = join(root, 'checkpoints', name)
      await useBackend('auto')
      await writeDrawnModel(model, drawn)
      await add(name, { model })
      // What is large lies beside the model: here everything does.
      await add(`${name}, beside`, { model, externalAbove: 0 })
      for (const quantize of QUANTIZATIONS) {
        await add(`${name}, ${quantize}`, { model, quantize, force: true, ...posts })
      }
    }
  }
  const script = fileURLToPath(new URL('verify.py', import.meta.url))
  const [program, ...before] = [...given.emulator.split(' ').filter(Boolean), given.python]
  await runShown(program!, [...before, script, ...folders])
}

await runCommand(command.action(async options => withFolder('verify', root => verify(root, options))))
