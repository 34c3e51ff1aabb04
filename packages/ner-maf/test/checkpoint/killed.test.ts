import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { readWhole, writeFolder } from '@mafjs/tensor/files'
import { expect, test } from 'vitest'
import { CHECKPOINT_FOLDER } from '../../src/checkpoint/checkpoint-folder'
import { folderWith } from '../data/files'
import { FROM_SOURCE } from '../from-source'

const SCRIPT = fileURLToPath(new URL('save-forever.ts', import.meta.url))
const NAMES = ['model.safetensors', 'tokenizer.json', 'metrics.json']

/** The versions that are in a folder's files, from the first word of each to the last. */
const versions = (folder: string): Promise<Set<string>> =>
  readWhole(folder, async place => {
    const texts = await Promise.all(NAMES.map(name => readFile(join(place, name), 'utf8')))
    const config = JSON.parse(await readFile(join(place, 'config.json'), 'utf8'))
    return new Set([String(config.version), ...texts.flatMap(text => text.trim().split(' '))])
  })

test('kill -9 while a checkpoint is replaced leaves a whole one, and nothing beside it after the next', async () => {
  const root = await folderWith()
  // All started at once: starting takes longer than all the rest.
  const writers = ['a', 'b', 'c'].map(name => ({
    folder: join(root, name, 'model'),
    child: spawn(process.execPath, [...FROM_SOURCE, SCRIPT, join(root, name, 'model')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  }))
  await Promise.all(
    writers.map(async ({ folder, child }, i) => {
      await once(child.stdout!, 'data')
      await new Promise(resolve => setTimeout(resolve, 40 + 67 * i))
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect(await versions(folder)).toSatisfy((found: Set<string>) => found.size === 1)
      await writeFolder(
        folder,
        { 'config.json': '{"model_type": "maf"}' },
        { kind: CHECKPOINT_FOLDER, overwrite: true },
      )
      expect(await readdir(join(folder, '..'))).toEqual(['model'])
    }),
  )
})
