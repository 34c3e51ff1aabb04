import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readWhole } from '@mafjs/tensor/files'
import { expect, test } from 'vitest'
import { writeExport } from '../../src/export/write-export'
import { folderWith } from '../data/files'
import { FROM_SOURCE } from '../from-source'

const SCRIPT = fileURLToPath(new URL('export-forever.ts', import.meta.url))

/** The versions that are in an exported folder's files; of the weights the first, one from the middle and the last. */
const versions = (folder: string): Promise<Set<string>> =>
  readWhole(folder, async place => {
    const json = async (name: string) => JSON.parse(await readFile(join(place, name), 'utf8'))
    const data = await readFile(join(place, 'model.onnx.data'))
    const model = await readFile(join(place, 'model.onnx'), 'latin1')
    const weights = [0, data.length / 2, data.length - 4].map(at => String(data.readFloatLE(at)))
    return new Set([
      String((await json('tokenizer.json')).version),
      String((await json('report.json')).version),
      (await json('config.json')).maf_version,
      /"maf_version":"(\d+)"/.exec(model)![1]!,
      ...weights,
    ])
  })

test('kill -9 while an export is replaced leaves a whole one, and nothing beside it after the next', async () => {
  const root = await folderWith()
  const writers = ['a', 'b', 'c'].map(name => ({
    folder: join(root, name, 'model'),
    child: spawn(process.execPath, [...FROM_SOURCE, SCRIPT, join(root, name, 'model')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  }))
  await Promise.all(
    writers.map(async ({ folder, child }, i) => {
      await once(child.stdout!, 'data')
      await new Promise(resolve => setTimeout(resolve, 30 + 61 * i))
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect(await versions(folder)).toSatisfy((found: Set<string>) => found.size === 1)
      const graph = { nodes: [], inputs: [], outputs: [], initializers: [], tensors: new Map() }
      const config = { model_type: 'maf-onnx' } as never
      await writeExport(folder, { graph, config, tokenizer: {} }, { overwrite: true })
      expect(await readdir(join(folder, '..'))).toEqual(['model'])
      expect((await readdir(folder)).sort()).toEqual(['config.json', 'model.onnx', 'tokenizer.json'])
    }),
  )
})
