import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { storeFloat32, writeSafetensors } from '@mafjs/tensor/safetensors'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadWeights, readWeights, saveWeights } from '../../src/weights'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'maf-weights-'))
})
afterAll(() => rm(folder, { recursive: true }))

const weight = storeFloat32(Float32Array.from([1, -2, 0.5, 4]), [2, 2])
/** 1, -2, 0.5 as float16. */
const half = { dtype: 'F16' as const, shape: [3], bytes: Uint8Array.from([0, 0x3c, 0, 0xc0, 0, 0x38]) }

describe('saveWeights', () => {
  it('saves what loadWeights loads, whatever the suffix, and leaves nothing beside it', async () => {
    const path = join(folder, 'saved.bin')
    await saveWeights(path, { weight: storeFloat32(new Float32Array(4), [4]) })
    await saveWeights(path, { weight, half }, { format: 'pt' })
    const weights = await loadWeights(path)
    expect(Object.entries(weights).map(([name, w]) => [name, w.dtype, w.shape, [...w.values()]])).toEqual([
      ['weight', 'F32', [2, 2], [1, -2, 0.5, 4]],
      ['half', 'F16', [3], [1, -2, 0.5]],
    ])
    expect(await readdir(folder)).toEqual(['saved.bin'])
    expect(await readFile(path)).toEqual(Buffer.from(writeSafetensors({ weight, half }, { format: 'pt' })))
  })

  it('leaves the old file and nothing else when it fails', async () => {
    const inner = await mkdtemp(join(folder, 'failing-'))
    const path = join(inner, 'model.safetensors')
    await writeFile(path, 'old')
    const broken = { dtype: 'F32' as const, shape: [1], bytes: null as unknown as Uint8Array }
    await expect(saveWeights(path, { broken })).rejects.toThrow()
    expect(await readdir(inner)).toEqual(['model.safetensors'])
    expect(await readFile(path, 'utf8')).toBe('old')
  })

  it('names the folder that is not there', async () => {
    await expect(saveWeights(join(folder, 'nowhere', 'a.safetensors'), { weight })).rejects.toThrow('nowhere')
  })
})

describe('loadWeights', () => {
  it('decodes anew at every call, so that a caller may change the values', async () => {
    const path = join(folder, 'fresh.safetensors')
    await saveWeights(path, { weight })
    const weights = await loadWeights(path)
    weights['weight']!.values().fill(0)
    expect([...weights['weight']!.values()]).toEqual([1, -2, 0.5, 4])
  })

  it('knows safetensors by its header, also where its length begins with the byte of a pickle', async () => {
    const path = join(folder, 'length-0x80.safetensors')
    const name = 'w'.repeat(128 - '{"":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}'.length)
    await saveWeights(path, { [name]: weight })
    expect((await readFile(path))[0]).toBe(0x80)
    expect([...(await loadWeights(path))[name]!.values()]).toEqual([1, -2, 0.5, 4])
  })

  const cases: [string, Uint8Array | string, RegExp][] = [
    ['empty', '', /empty\.bin must not be empty/],
    ['html', '<!doctype html><title>404</title>', /that begins with 3c21646f63747970/],
    [
      'lfs',
      'version https://git-lfs.example/spec/v1\noid sha256:4d7a\nsize 12345\n',
      /a Git LFS pointer.*git lfs pull/,
    ],
    ['tiny', 'abc', /that begins with 616263/],
    ['huge-header', Buffer.from('ffffffffffffff7f7b7d', 'hex'), /must have a header within the file/],
    ['cut-zip', 'PK\x03\x04 and no more', /the file is cut off/],
  ]
  it.each(cases)('refuses a file that is %s', async (name, content, message) => {
    const path = join(folder, `${name}.bin`)
    await writeFile(path, content)
    await expect(loadWeights(path)).rejects.toThrow(message)
  })

  it('takes off what wraps every name, and no more', async () => {
    const path = join(folder, 'wrapped.safetensors')
    await saveWeights(path, { 'module._orig_mod.a': weight, 'module._orig_mod.b': half })
    const { weights, notes } = await readWeights(path)
    expect(Object.keys(weights)).toEqual(['a', 'b'])
    expect(notes).toEqual([
      'The prefix "module." was taken off every name.',
      'The prefix "_orig_mod." was taken off every name.',
    ])
    await saveWeights(path, { 'module.a': weight, b: half })
    expect(Object.keys(await loadWeights(path))).toEqual(['module.a', 'b'])
  })

  it('refuses a truncated safetensors file, naming the tensor', async () => {
    const path = join(folder, 'cut.safetensors')
    await saveWeights(path, { weight })
    await truncate(path, (await readFile(path)).length - 1)
    await expect(loadWeights(path)).rejects.toThrow(
      /cut\.safetensors tensor "weight" must lie within the file/,
    )
  })

  it('refuses a folder and a missing file', async () => {
    await expect(loadWeights(folder)).rejects.toThrow('Received: a folder')
    await expect(loadWeights(join(folder, 'missing.pt'))).rejects.toThrow(
      /missing\.pt must be a readable file/,
    )
  })
})

describe('a checkpoint in several files', () => {
  const index = (map: unknown) => {
    const path = join(folder, 'model.safetensors.index.json')
    return writeFile(path, JSON.stringify({ metadata: {}, weight_map: map })).then(() => path)
  }
  const shards = async () => {
    await saveWeights(join(folder, 'model-1.safetensors'), { 'a.weight': weight })
    await saveWeights(join(folder, 'model-2.safetensors'), { b: half })
  }

  it('is read whole', async () => {
    await shards()
    const path = await index({ b: 'model-2.safetensors', 'a.weight': 'model-1.safetensors' })
    const weights = await loadWeights(path)
    expect(Object.entries(weights).map(([name, w]) => [name, [...w.values()]])).toEqual([
      ['a.weight', [1, -2, 0.5, 4]],
      ['b', [1, -2, 0.5]],
    ])
  })

  it.each<[string, unknown, RegExp]>([
    ['a folder above', { a: '../model-1.safetensors' }, /files of its own folder.*"a"/],
    ['a folder below', { a: 'x/model-1.safetensors' }, /files of its own folder/],
    ['a path from the root', { a: '/etc/passwd' }, /files of its own folder/],
    ['another separator', { a: '..\\model-1.safetensors' }, /files of its own folder/],
    ['the folder itself', { a: '..' }, /files of its own folder/],
    ['no name', { a: 7 }, /files of its own folder/],
    ['nothing', {}, /weight_map\. Received: none/],
    ['a list', ['model-1.safetensors'], /weight_map\. Received: none/],
    [
      'a file that is not there',
      { a: 'model-3.safetensors' },
      /model-3\.safetensors must be a readable file/,
    ],
    [
      'a tensor that its file lacks',
      { 'a.weight': 'model-1.safetensors', c: 'model-1.safetensors' },
      /"c" not in model-1/,
    ],
    ['fewer than there are', { c: 'model-1.safetensors' }, /must find "a\.weight" where it is, in model-1/],
    ['files without end', { b: 'x'.repeat(1e7) }, /must be of at most 10000000 bytes/],
  ])('whose index names %s is refused', async (_, map, message) => {
    await shards()
    const path = await index(map)
    await expect(loadWeights(path)).rejects.toThrow(message)
    await expect(loadWeights(path)).rejects.toThrow(InvalidArgumentError)
  })
})
