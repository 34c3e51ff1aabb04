import { execFileSync } from 'node:child_process'
import { copyFile, cp, mkdir, readdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pack } from '../packages/pack.mjs'
import { onnxRuntimeFolder } from '../page-worker/serve-page'
import { readPackages } from '../workspace/packages.mjs'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Writes the page of one file with what it imports beside it, as npm would have installed it: `@mafjs/ner-maf` is what its tarball holds.
 *
 * @throws Error where ner-maf was not built
 */
export async function writeApp(folder: string): Promise<void> {
  await cp(fileURLToPath(new URL('app/', import.meta.url)), folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  const nerMaf = join(folder, 'node_modules/@mafjs/ner-maf')
  await mkdir(nerMaf, { recursive: true })
  const { tarball } = pack(readPackages(ROOT).find(({ short }) => short === 'ner-maf')!, folder)
  execFileSync('tar', ['-xzf', tarball, '-C', nerMaf, '--strip-components=1'])
  const runtime = join(folder, 'node_modules/onnxruntime-web')
  await mkdir(join(runtime, 'dist'), { recursive: true })
  await copyFile(join(dirname(onnxRuntimeFolder()), 'package.json'), join(runtime, 'package.json'))
  const files = await readdir(onnxRuntimeFolder())
  // Those of WebGL and of browsers yet to come are never asked for.
  for (const file of files.filter(name => /^ort(\.|-wasm).*\.(mjs|wasm|map)$/.test(name))) {
    await copyFile(join(onnxRuntimeFolder(), file), join(runtime, 'dist', file))
  }
}
