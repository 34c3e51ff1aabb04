import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { InvalidArgumentError } from '@mafjs/tensor'
import '@tensorflow/tfjs-backend-cpu'
import { expect, test } from 'vitest'
import { drawOf } from '../fuzz/draw'
import { FORMAT_NAMES, kinds } from '../fuzz/kinds'
import { mutate } from '../fuzz/mutate'
import { outcomeOf } from '../fuzz/watch'

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()
const valid = Buffer.from('{"a": [1, {"b": "two"}], "c": null}')

test('an input is the same whenever it is made again, and hardly ever that of another place', () => {
  const inputs = (seed: number): string[] =>
    Array.from({ length: 300 }, (_, i) => text(mutate(valid, drawOf(seed, 'json', i), [valid])))
  expect(inputs(1)).toEqual(inputs(1))
  expect(inputs(1)).not.toEqual(inputs(2))
  expect(new Set(inputs(1)).size).toBeGreaterThan(200)
  // In the tree: a name that no text of a file had, a value of another type, one that is deep.
  for (const part of ['"__proto__":', '"c":[null]', '[[[[[[[[[[']) {
    expect(inputs(1).some(input => input.includes(part))).toBe(true)
  }
})

test('every format of posts has a sample, which it reads', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'maf-samples-'))
  for (const { name, write, read } of kinds.filter(({ name }) => FORMAT_NAMES.includes(name))) {
    await mkdir(join(folder, name))
    await write(join(folder, name), folder)
    for (const file of await readdir(join(folder, name))) await read(join(folder, name, file))
  }
  await rm(folder, { recursive: true })
})

const typed = () => new InvalidArgumentError({ argument: 'file', rule: 'must be whole', received: 'half' })

test('what is typed is right, and everything else is a fault', async () => {
  const fault = async (run: () => Promise<unknown>, outside = (): string[] => []) =>
    (await outcomeOf(run, outside)).fault
  expect(await fault(async () => 1)).toBeUndefined()
  expect(await fault(() => Promise.reject(typed()))).toBeUndefined()
  expect(await fault(() => Promise.reject(new TypeError('x is undefined')))).toMatch(
    /^untyped: TypeError: x is/,
  )
  const disguised = Object.assign(typed(), { message: 'Received: x.join is not a function.' })
  expect(await fault(() => Promise.reject(disguised))).toMatch(/^disguised/)
  const long = Object.assign(typed(), { message: 'x'.repeat(1e6) })
  expect(await fault(() => Promise.reject(long))).toBe('message of 1000000 characters')
  const pollute = async () =>
    Object.defineProperty(Object.prototype, 'polluted', { value: 1, configurable: true })
  expect(await fault(pollute)).toBe('polluted prototype')
  Reflect.deleteProperty(Object.prototype, 'polluted')
  // A fault of an earlier input is not this one's: paths are asked for before and after.
  const paths = [[], ['/etc/passwd']]
  expect(
    await fault(
      async () => 1,
      () => paths.shift()!,
    ),
  ).toBe('outside: /etc/passwd')
})
