/** @vitest-environment-options { "processOf": "interrupted" } */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { assertWritableFolder, readWhole, swapPlaces, writeFolder } from '@mafjs/tensor/files'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { CHECKPOINT_FOLDER } from '../../src/checkpoint/checkpoint-folder'
import { folderWith } from '../data/files'

/** After so many changes of the disk, whatever wants to change it never comes to it: as if the process were gone. */
const power = vi.hoisted(() => ({ changes: Number.POSITIVE_INFINITY, failing: '', onStop: () => {} }))

vi.mock('node:fs/promises', async importOriginal => {
  const real = await importOriginal<typeof import('node:fs/promises')>()
  const guard = (name: 'open' | 'mkdir' | 'rename' | 'rm') => (first: string, second: never) => {
    if (name === 'open' && second === 'r') return real.open(first, 'r')
    if (power.changes-- <= 0) {
      power.onStop()
      return new Promise(() => {})
    }
    if (power.failing && name === 'rename' && `${first} ${second}`.includes(power.failing)) {
      power.failing = ''
      return Promise.reject(new Error('EIO: the disk says no'))
    }
    return (real[name] as (first: string, second: never) => Promise<unknown>)(first, second)
  }
  return { ...real, open: guard('open'), mkdir: guard('mkdir'), rename: guard('rename'), rm: guard('rm') }
})

beforeEach(() => {
  power.changes = Number.POSITIVE_INFINITY
  power.failing = ''
})

const NAMES = ['model.safetensors', 'config.json', 'tokenizer.json', 'metrics.json']
/** A folder's files, each saying which version it is of. */
const version = (letter: string): Record<string, string> =>
  Object.fromEntries(NAMES.map(name => [name, `{"model_type": "maf", "version": "${letter}"}`]))

/** The one version that all files of a folder are of. */
const readVersion = (folder: string): Promise<string> =>
  readWhole(folder, async place => {
    const texts = await Promise.all(NAMES.map(name => readFile(join(place, name), 'utf8')))
    const letters = new Set(texts.map(text => JSON.parse(text).version as string))
    return [...letters].join(' and ')
  })

/** Writes and stops dead after some changes of the disk. */
const writeUntil = async (changes: number, folder: string, letter: string): Promise<boolean> => {
  power.changes = changes
  const done = await new Promise<boolean>((resolve, reject) => {
    power.onStop = () => resolve(false)
    writeFolder(folder, version(letter), { kind: CHECKPOINT_FOLDER, overwrite: true }).then(
      () => resolve(true),
      reject,
    )
  })
  power.changes = Number.POSITIVE_INFINITY
  return done
}

describe('a writer that stops dead, at every change it makes of the disk', () => {
  test('leaves no folder or a whole one', async () => {
    let changes = 0
    for (let done = false; !done; changes++) {
      const root = await folderWith()
      const folder = join(root, 'model')
      done = await writeUntil(changes, folder, 'A')
      const there = await readVersion(folder).catch(error => error.code as string)
      expect(there, `after ${changes} changes`).toBe(done ? 'A' : 'ENOENT')
      await writeFolder(folder, version('B'), { kind: CHECKPOINT_FOLDER, overwrite: done })
      expect(await readVersion(folder)).toBe('B')
      expect(await readdir(root)).toEqual(['model'])
    }
    // mkdir, four files, rename
    expect(changes - 1).toBe(6)
  })

  test('leaves the old folder or the new one, and the next writer tidies up', async () => {
    const seen: string[] = []
    for (let done = false, changes = 0; !done; changes++) {
      const root = await folderWith()
      const folder = join(root, 'model')
      await writeFolder(folder, version('A'), { kind: CHECKPOINT_FOLDER })
      await writeFile(join(folder, 'notes.txt'), 'mine')
      done = await writeUntil(changes, folder, 'B')
      const there = await readVersion(folder)
      seen.push(there)
      expect(await readVersion(folder), 'reading changes nothing').toBe(there)
      await expect(
        assertWritableFolder(folder, { kind: CHECKPOINT_FOLDER }),
        'it is still there',
      ).rejects.toThrow(/must not exist yet/)
      expect(await readVersion(folder), 'tidied up').toBe(there)
      await writeFolder(folder, version('C'), { kind: CHECKPOINT_FOLDER, overwrite: true })
      expect(await readVersion(folder)).toBe('C')
      expect(await readdir(root)).toEqual(['model'])
      expect((await readdir(folder)).sort()).toEqual([...NAMES, 'notes.txt'].sort())
      expect(await readFile(join(folder, 'notes.txt'), 'utf8')).toBe('mine')
    }
    // mkdir, four files | the old one away, the new one in, notes.txt, the old one removed
    expect(seen.join('')).toBe('AAAAAABBBB')
  })
})

test('a swap that fails half way is undone', async () => {
  const root = await folderWith()
  const folder = join(root, 'model')
  await writeFolder(folder, version('A'), { kind: CHECKPOINT_FOLDER })
  power.failing = `.partial ${folder}`
  await expect(
    writeFolder(folder, version('B'), { kind: CHECKPOINT_FOLDER, overwrite: true }),
  ).rejects.toThrow('EIO')
  expect(power.failing).toBe('')
  expect(await readVersion(folder)).toBe('A')
  expect(await readdir(root)).toEqual(['model'])
})

test('what a process leaves that is gone is removed, what one writes that lives is not', async () => {
  const root = await folderWith()
  const folder = join(root, 'model')
  // No process has the largest number; the one that started this test lives.
  const gone = swapPlaces(folder, 2 ** 22 + 1).partial
  const alive = swapPlaces(folder, process.ppid).partial
  for (const partial of [gone, alive]) await mkdir(partial)
  await mkdir(join(root, '.model.old.7.partial'))
  await writeFolder(folder, version('A'), { kind: CHECKPOINT_FOLDER })
  expect((await readdir(root)).sort()).toEqual(
    ['.model.old.7.partial', alive.slice(root.length + 1), 'model'].sort(),
  )
})

test.each([1, 2, 3, 4])(
  'a reader never mixes versions, though a later folder may get the number of an earlier one: %i',
  async count => {
    const folder = join(await folderWith(), 'model')
    await writeFolder(folder, version('A'), { kind: CHECKPOINT_FOLDER })
    let reads = 0
    const read = await readWhole(folder, async place => {
      reads += 1
      const first = await readFile(join(place, 'config.json'), 'utf8')
      for (const letter of reads === 1 ? 'EDCB'.slice(-count) : '') {
        await writeFolder(folder, version(letter), { kind: CHECKPOINT_FOLDER, overwrite: true })
      }
      const second = await readFile(join(place, 'model.safetensors'), 'utf8')
      return [first, second].map(text => JSON.parse(text).version)
    })
    expect(read).toEqual(['B', 'B'])
    expect(reads).toBe(2)
    // A folder that is gone in between as well.
    await expect(readWhole(join(folder, 'none'), place => readFile(join(place, 'x')))).rejects.toThrow(
      'ENOENT',
    )
  },
)
