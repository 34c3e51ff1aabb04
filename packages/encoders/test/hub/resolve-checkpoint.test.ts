import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { HubError, resolveCheckpoint } from '../../src/hub'
import { type LoopbackHub, startLoopbackHub } from './loopback-hub'

const FIRST = 'a'.repeat(40)
const SECOND = 'b'.repeat(40)
const FILES = {
  'README.md': '# a model',
  'config.json': '{"hidden_size":2}',
  'model.safetensors': 'the weights, safely',
  'pytorch_model.bin': 'the weights, pickled',
  'tokenizer.json': '{}',
  'vocab.txt': '[PAD]\n[UNK]\n',
}

let hub: LoopbackHub
let cacheFolder: string
beforeEach(async () => {
  hub = await startLoopbackHub({
    'owner/model': { commit: FIRST, files: { ...FILES }, large: ['model.safetensors', 'pytorch_model.bin'] },
  })
  cacheFolder = await mkdtemp(join(tmpdir(), 'maf-hub-'))
  vi.spyOn(console, 'debug').mockImplementation(() => undefined) // the hub package names every download there
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await hub.close()
  await rm(cacheFolder, { recursive: true })
})

const resolve = (name = 'owner/model', options = {}) =>
  resolveCheckpoint(name, { endpoint: hub.endpoint, cacheFolder, ...options })

async function contents(folder: string) {
  const names = (await readdir(folder)).sort()
  return Object.fromEntries(
    await Promise.all(names.map(async name => [name, await readFile(join(folder, name), 'utf8')])),
  )
}

describe('a hub name', () => {
  const { 'README.md': _, 'pytorch_model.bin': __, ...needed } = FILES

  it('downloads the files that are needed, and only those, into the shared cache layout', async () => {
    const folder = await resolve()
    expect(folder).toBe(join(cacheFolder, 'models--owner--model', 'snapshots', FIRST))
    expect(await contents(folder)).toEqual(needed)
    expect(await readFile(join(cacheFolder, 'models--owner--model', 'refs', 'main'), 'utf8')).toBe(FIRST)
    expect(hub.requests.filter(request => /README|pytorch_model/.test(request))).toEqual([])
    expect(hub.requests).toContain('GET storage bytes=0-0')
    expect(hub.requests.filter(request => request === 'GET storage whole')).toHaveLength(1)
  })

  it('downloads the files that an index lists, and needs all of them', async () => {
    const map = { a: 'model-1-of-2.safetensors', b: 'model-2-of-2.safetensors' }
    const files: Record<string, string> = {
      'config.json': '{}',
      'model.safetensors.index.json': JSON.stringify({ weight_map: map }),
      'model-1-of-2.safetensors': 'one',
      'model-2-of-2.safetensors': 'two',
    }
    hub.repositories['owner/large'] = { commit: FIRST, files }
    const folder = await resolve('owner/large')
    expect(await contents(folder)).toEqual(files)
    const { 'model-2-of-2.safetensors': __, ...fewer } = files
    hub.repositories['owner/large'] = { commit: SECOND, files: fewer }
    await expect(resolve('owner/large')).rejects.toThrow(
      'lacks model-2-of-2.safetensors, which its index lists',
    )
  })

  it('is served from the cache without a download, and with the hub down or offline without the hub', async () => {
    const folder = await resolve()
    hub.requests.length = 0
    expect(await resolve()).toBe(folder)
    expect(hub.requests.filter(request => /resolve|storage/.test(request))).toEqual([])
    hub.fault = 'unavailable'
    expect(await resolve()).toBe(folder)
    await hub.close()
    expect(await resolve()).toBe(folder)
    expect(await resolve('owner/model', { revision: FIRST })).toBe(folder)
    vi.stubEnv('HF_HUB_OFFLINE', '1')
    expect(await resolve('owner/model', { endpoint: undefined })).toBe(folder)
    expect(await contents(folder)).toEqual(needed)
  })

  it('sees a new commit, and takes an old one by its hash', async () => {
    const old = await resolve()
    const repository = hub.repositories['owner/model']!
    repository.commit = SECOND
    repository.files['config.json'] = '{"hidden_size":4}'
    const folder = await resolve()
    expect(await contents(folder)).toEqual({ ...needed, 'config.json': '{"hidden_size":4}' })
    expect(await contents(old)).toEqual(needed)
    await hub.close()
    expect(await resolve('owner/model', { revision: FIRST })).toBe(old)
    expect(await resolve()).toBe(folder)
  })

  it('takes pytorch_model.bin where there is no safetensors file, and other files where they are asked for', async () => {
    delete (hub.repositories['owner/model']!.files as Record<string, string>)['model.safetensors']
    const { 'model.safetensors': _, 'pytorch_model.bin': weights, ...rest } = { ...needed, ...FILES }
    const { 'README.md': readme, ...expected } = { ...rest, 'pytorch_model.bin': weights }
    expect(await contents(await resolve())).toEqual(expected)
    const folder = await resolve('owner/model', { files: ['README.md', 'nowhere.txt'] })
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe(readme)
  })

  it('follows a repository that was renamed', async () => {
    hub.renamed['old-name'] = 'owner/model'
    const folder = await resolve('old-name')
    expect(folder).toContain('models--old-name')
    expect(await contents(folder)).toEqual(needed)
  })

  it('reads HF_ENDPOINT, HF_HOME and HF_HUB_CACHE', async () => {
    vi.stubEnv('HF_ENDPOINT', `${hub.endpoint}/`)
    vi.stubEnv('HF_HUB_CACHE', undefined)
    vi.stubEnv('HUGGINGFACE_HUB_CACHE', undefined)
    vi.stubEnv('HF_HOME', join(cacheFolder, 'home'))
    expect(await resolveCheckpoint('owner/model')).toContain(
      join(cacheFolder, 'home', 'hub', 'models--owner--model'),
    )
    vi.stubEnv('HF_HUB_CACHE', join(cacheFolder, 'other'))
    expect(await resolveCheckpoint('owner/model')).toContain(
      join(cacheFolder, 'other', 'models--owner--model'),
    )
  })
})

describe('a folder', () => {
  it('is used as it is, even where its path could be a hub name', async () => {
    await mkdir(join(cacheFolder, 'owner', 'model'), { recursive: true })
    const before = process.cwd()
    process.chdir(cacheFolder)
    try {
      expect(await resolve('owner/model')).toBe('owner/model')
    } finally {
      process.chdir(before)
    }
    expect(await resolve(join(cacheFolder, 'owner'))).toBe(join(cacheFolder, 'owner'))
    expect(hub.requests).toEqual([])
  })
})

describe('errors', () => {
  const refused = async (promise: Promise<string>, ...messages: string[]) => {
    const error = await promise.then(
      folder => expect.unreachable(folder),
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(HubError)
    for (const message of messages) expect((error as Error).message).toContain(message)
  }

  it('a repository or revision that is not there', async () => {
    await refused(
      resolve('owner/none'),
      '"owner/none" at revision "main"',
      hub.endpoint,
      'status 404',
      'an existing folder',
    )
    await refused(resolve('owner/model', { revision: 'v2' }), '"owner/model" at revision "v2"', 'status 404')
  })

  it('a hub that refuses the connection, with nothing in the cache', async () => {
    await hub.close()
    await refused(
      resolve(),
      '"owner/model"',
      hub.endpoint,
      'ECONNREFUSED',
      'Check the network and HF_ENDPOINT',
      cacheFolder,
    )
    vi.stubEnv('HF_HUB_OFFLINE', '1')
    await refused(resolve(), 'HF_HUB_OFFLINE is set')
  })

  it('a cache that holds only a part, with the hub down', async () => {
    await resolve('owner/model', { files: ['config.json'] })
    await hub.close()
    await refused(resolve(), 'does not hold it whole')
  })

  it('a repository without weights', async () => {
    const { 'config.json': config, 'README.md': readme } = FILES
    hub.repositories['owner/empty'] = { commit: FIRST, files: { 'config.json': config, 'README.md': readme } }
    await refused(
      resolve('owner/empty'),
      'lacks model.safetensors or model.safetensors.index.json or pytorch_model.bin',
      'config.json, README.md',
    )
  })

  it.each(['break', 'shorten'] as const)(
    'a download that does not arrive whole (%s): the next one does',
    async fault => {
      hub.fault = fault
      await refused(resolve(), 'config.json of "owner/model"', 'could not be downloaded', 'Run it again')
      await hub.close().then(async () => refused(resolve(), 'does not hold it whole'))
      hub = await startLoopbackHub(hub.repositories)
      expect((await contents(await resolve()))['config.json']).toBe(FILES['config.json'])
    },
  )

  it('a hub that names no commit', async () => {
    hub.repositories['owner/model']!.commit = '../../outside'
    await refused(resolve(), 'named no commit')
  })

  it('a token of the wrong form is not sent', async () => {
    await refused(resolve('owner/model', { accessToken: 'secret' }), "must start with 'hf_'")
    expect(hub.requests).toEqual([])
  })

  it.each(['./nowhere', '../nowhere', '/no/such/folder', 'a/b/c', 'C:\\models', 'http://a/b', ''])(
    'neither a folder nor a name: %j',
    async name => {
      await expect(resolve(name)).rejects.toThrow('nameOrFolder must be an existing folder or a hub name')
      expect(hub.requests).toEqual([])
    },
  )

  it('a file instead of its folder, and a revision that climbs out of the cache', async () => {
    const file = join(cacheFolder, 'model.safetensors')
    await writeFile(file, '')
    await expect(resolve(file)).rejects.toThrow(`Received: the file ${file}`)
    await expect(resolve('owner/model', { revision: '../../x' })).rejects.toThrow(InvalidArgumentError)
    await expect(resolve('owner/model', { revision: 'a/../../x' })).rejects.toThrow(InvalidArgumentError)
  })
})
