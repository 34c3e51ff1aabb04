import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join, relative } from 'node:path'
import { lockFolder, lockPlace, processStart, thisProcess, withLock } from '@mafjs/tensor/files'
import { describe, expect, it } from 'vitest'
import { folderWith } from '../data/files'
import { startLocker } from './locker'

const lock = (folder: string) => lockFolder(folder, { command: 'ner-maf train' })

/** No process has the largest number. */
const GONE = { ...thisProcess('ner-maf train'), pid: 2 ** 22 + 1 }

/** Puts a lock in place as another process would have left it. */
async function leave(folder: string, content: unknown): Promise<string> {
  await mkdir(lockPlace(folder), { recursive: true })
  const file = join(lockPlace(folder), '00000000-0000-4000-8000-000000000000.json')
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  return file
}

describe('a locked folder', () => {
  it('is refused to this process and to others, by every name, until it is given back', async () => {
    const root = await folderWith()
    const folder = join(root, 'runs/model')
    const other = startLocker()
    const release = await lock(folder)
    await mkdir(join(root, 'elsewhere'))
    await symlink(folder, join(root, 'latest'))
    await symlink('../runs', join(root, 'elsewhere/runs'))
    const names = [
      ...[folder, relative('.', folder), `${folder}/`, join(root, 'latest'), `${root}/latest/.`],
      join(root, 'elsewhere/runs/model'),
    ]
    // While it is not there yet, and when it is.
    for (const _ of ['new', 'there']) {
      for (const name of names) {
        await expect(lock(name), name).rejects.toThrow(
          `out must not be in use. Received: ${name}, which \`ner-maf train\` (this process, since 2`,
        )
        expect(await other.lock(name)).toMatch(
          /out must not be in use.*`ner-maf train` \(process \d+ on .*, since .*Wait until it is done, or choose another folder\.$/,
        )
      }
      await mkdir(folder, { recursive: true })
    }
    release()
    release()
    expect(await other.lock(folder)).toBe('locked')
    await expect(lock(folder)).rejects.toThrow(`(process ${other.child.pid} on ${hostname()}, since `)
    await other.end('exit')
    expect(await readdir(join(root, 'runs'))).toEqual(['model'])
  })

  it('has all that is in it locked too, and cannot be had while a part of it is locked', async () => {
    const folder = join(await folderWith(), 'seeds')
    const other = startLocker()
    const release = await lock(folder)
    expect(await other.lock(join(folder, 'rows/maf/seed-1'))).toContain('writes to, of which it is a part')
    expect(await other.lock(`${folder}-more`)).toBe('locked')
    // Who holds the whole takes the parts one by one.
    ;(await lock(join(folder, 'seed-1')))()
    release()
    expect(await other.lock(join(folder, 'seed-1'))).toBe('locked')
    await expect(lock(folder)).rejects.toThrow('writes to in a part of it')
    await other.end('exit')
    ;(await lock(folder))()
    expect(await readdir(join(folder, '..'))).toEqual([])
  })

  it('is free again after an error and at the end of its process, with the folders that were made for it', async () => {
    const root = await folderWith()
    const folder = join(root, 'a/b/model')
    const failing = withLock(folder, { command: 'ner-maf export' }, async () => {
      expect(await readdir(join(root, 'a/b'))).toEqual(['.model.maf-lock'])
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(await readdir(root)).toEqual([])
    const other = startLocker()
    expect(await other.lock(folder)).toBe('locked')
    await other.end('exit')
    expect(await readdir(root)).toEqual([])
  })

  it('cannot be where no lock can be made', async () => {
    const root = await folderWith({ file: '', '.model.maf-lock': '' })
    await expect(lock(join(root, 'file/model'))).rejects.toThrow(
      /out must be in a folder that can be written/,
    )
    await expect(lock(join(root, 'model'))).rejects.toThrow(
      /\.model\.maf-lock must be a lock of ner-maf\. Received: a file/,
    )
    await mkdir(lockPlace(join(root, 'other')))
    await writeFile(join(lockPlace(join(root, 'other')), 'thesis.txt'), 'mine')
    await expect(lock(join(root, 'other'))).rejects.toThrow(
      /Received: a folder with thesis\.txt\. Remove it yourself/,
    )
  })
})

describe('a lock that was left', () => {
  it('by a process that was killed is taken over, and nothing stays of it', async () => {
    const root = await folderWith()
    const folder = join(root, 'model')
    const other = startLocker()
    expect(await other.lock(folder)).toBe('locked')
    await other.end('SIGKILL')
    expect(await readdir(root)).toEqual(['.model.maf-lock'])
    // What one leaves that was killed just before it would have had the lock.
    await mkdir(join(root, `.model.maf-lock.${GONE.pid}.1a2b3c4d`))
    ;(await lock(folder))()
    expect(await readdir(root)).toEqual([])
  })

  it.each([
    ['a process that is gone', GONE],
    ['one whose number another process has now', { ...thisProcess('ner-maf train'), started: 'long ago' }],
    ['nobody: an empty file', ''],
    ['nobody: one cut off', '{"pid": 1'],
    ['nobody: a list', '[]'],
    ['nobody: null', 'null'],
    ['nobody: one without a host', { ...thisProcess('ner-maf train'), host: undefined }],
  ])('by %s is taken over', async (_, content) => {
    const folder = join(await folderWith(), 'model')
    const file = await leave(folder, content)
    const release = await lock(folder)
    await expect(readFile(file)).rejects.toThrow('ENOENT')
    await expect(lock(folder)).rejects.toThrow('must not be in use')
    release()
  })

  it('as an empty folder, as when a process is killed while it gives it back, is taken over', async () => {
    const folder = join(await folderWith(), 'model')
    await mkdir(lockPlace(folder))
    ;(await lock(folder))()
  })

  it.each([
    ['of another host', { ...GONE, host: 'elsewhere.example' }],
    ['of another container on this host', { ...GONE, processes: 'pid:[1]' }],
  ])('%s is not judged: its place is named', async (_, holder) => {
    const folder = join(await folderWith(), 'model')
    const file = await leave(folder, holder)
    await expect(lock(folder)).rejects.toThrow(
      `process ${GONE.pid} on ${holder.host}, since ${GONE.since}) writes to. Wait until it is done, or choose another ` +
        `folder; where it is gone for good, which cannot be told from here, remove ${lockPlace(folder)}.`,
    )
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(holder)
    await rm(lockPlace(folder), { recursive: true })
    ;(await lock(folder))()
  })

  it('is taken over by one alone of several processes that find it at once', {
    timeout: 120_000,
  }, async () => {
    const root = await folderWith()
    const lockers = Array.from({ length: 5 }, startLocker)
    // Until all have started.
    await Promise.all(lockers.map((locker, i) => locker.lock(join(root, `started-${i}`))))
    for (let round = 0; round < 60; round++) {
      // None is always told first.
      lockers.unshift(lockers.pop()!)
      const folder = join(root, `model-${round}`)
      await leave(folder, round % 2 === 0 ? GONE : '')
      const answers = await Promise.all(lockers.map(locker => locker.lock(folder)))
      const winners = answers.flatMap((answer, i) => (answer === 'locked' ? [i] : []))
      expect(winners, `round ${round}: ${answers}`).toHaveLength(1)
      const pid = lockers[winners[0]!]!.child.pid
      for (const answer of answers) {
        if (answer !== 'locked') expect(answer).toContain(`process ${pid} on`)
      }
    }
  })
})

it('a process keeps its start for life, and one that is gone has none', () => {
  expect(processStart(process.pid)).toBe(processStart(process.pid))
  expect(processStart(process.ppid)).not.toBe(processStart(process.pid))
  expect(processStart(GONE.pid)).toBeUndefined()
})
