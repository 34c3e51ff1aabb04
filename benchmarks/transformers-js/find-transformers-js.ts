import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { run } from '../../tools/processes'
import { findNodeSide, type Starter } from '../race/sides'

/** The version that is raced. */
const PACKAGE = '@huggingface/transformers@4.3.2'

const EXPORTER = fileURLToPath(new URL('../pytorch/export_tagger.py', import.meta.url))

/**
 * The side of transformers.js: installs it into a folder of its own where it is not there, and has Python export the model of
 * the race for it.
 *
 * @param python has torch, transformers, onnx and onnxruntime
 */
export async function findTransformersJs(
  installed: string,
  { python, folder }: { python: string; folder: string },
): Promise<Starter> {
  if (!existsSync(join(installed, 'node_modules', '@huggingface', 'transformers'))) {
    await mkdir(installed, { recursive: true })
    const options = ['install', '--prefix', installed, '--no-audit', '--no-fund', PACKAGE]
    // The CUDA files that ONNX Runtime would fetch are of no use here.
    await run('npm', options, { cwd: installed, env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' } })
  }
  if (!existsSync(join(folder, 'transformers.js', 'tagger', 'onnx', 'model_quantized.onnx')))
    await run(python, [EXPORTER, folder])
  return findNodeSide('transformers-js/side.ts', installed)
}
