import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { useBackend } from '@mafjs/compile/engine'
import { QUANTIZATIONS } from '@mafjs/ner-maf'
import { exportCases } from './export-cases'
import { DRAWN_MODELS, writeDrawnModel, writeLabelledPosts } from './models'

// Exports models and has PyPI's onnx and onnxruntime verify them: drawn ones of every kind, or --model FOLDER.
const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    // A command in front of Python's: an emulator of another processor, such as "qemu-x86_64 -cpu Haswell".
    emulator: { type: 'string', default: '' },
    model: { type: 'string' },
    data: { type: 'string' },
    images: { type: 'string' },
  },
})

const root = await mkdtemp(join(tmpdir(), 'maf-verify-'))
const folders: string[] = []
const add = async (name: string, options: Parameters<typeof exportCases>[1]): Promise<void> => {
  folders.push(join(root, name))
  await exportCases(join(root, name), { threads: 2, ...options })
}
try {
  if (values.model !== undefined) {
    await add('float', { model: values.model })
    if (values.data !== undefined) {
      const { model, data, images } = values
      for (const quantize of QUANTIZATIONS) {
        await add(quantize, { model, data, quantize, force: true, ...(images !== undefined && { images }) })
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
  const [command, ...before] = [...values.emulator.split(' ').filter(word => word !== ''), values.python]
  const { status, error } = spawnSync(command!, [...before, script, ...folders], { stdio: 'inherit' })
  if (error) throw error
  process.exitCode = status ?? 1
} finally {
  await rm(root, { recursive: true, force: true })
}
