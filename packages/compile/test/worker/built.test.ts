import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'tsup'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const packageFolder = fileURLToPath(new URL('../..', import.meta.url))
const cache = join(packageFolder, '../../node_modules/.cache')

/** A training that ends without being disposed; what it prints is for the test. */
const PROGRAM = `
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { compile, compileTraining } from './@mafjs/compile/dist/index.js'
await tf.setBackend('cpu')
const train = async worker => {
  const w = tf.variable(tf.tensor1d([1, 2, 3]))
  const table = tf.variable(tf.tensor2d([1, 2, 3, 4], [2, 2]))
  const loss = ({ x, ids }) => tf.add(tf.sum(tf.square(tf.mul(w, x))), tf.sum(tf.gather(table, ids)))
  const training = await compileTraining(loss, { w, table }, {
    threads: 1, spinning: false, worker, optimizer: { kind: 'adamw', learningRate: 0.1 },
  })
  const step = (...ids) => training.step({ x: Float32Array.of(1, 2, 3), ids: Int32Array.from(ids) }, { seed: 0, step: 0 })
  const { losses } = await step(0, 1)
  const failed = await step(0, 9).catch(error => error)
  await training.synchronize()
  const triple = compile(({ x }) => tf.mul(x, 3), { threads: 1, worker })
  const { data } = (await triple.run({ x: Float32Array.of(1, 2) }))['output']
  return [Array.from(data), losses.total, failed.name, /Called from:\\n +at .*program\\.mjs:\\d+/.test(failed.message), Array.from(await w.data())]
}
console.log(JSON.stringify([await train(false), await train(true)]))
`

let folder: string
beforeAll(async () => {
  await mkdir(cache, { recursive: true })
  folder = await mkdtemp(join(cache, 'mafjs-compile-'))
  // The package's own recipe, without declarations, into a folder of its own.
  const recipe = join(packageFolder, 'tsup.config.ts')
  const { default: options } = (await import(recipe)) as { default: Parameters<typeof build>[0] }
  const entry = Object.entries(options.entry as Record<string, string>).map(([name, file]) => [
    name,
    join(packageFolder, file),
  ])
  await build({
    ...options,
    config: false,
    entry: Object.fromEntries(entry),
    outDir: join(folder, '@mafjs/compile/dist'),
    clean: false,
    dts: false,
    silent: true,
    // The package it needs may not be built yet: it comes along, from its source.
    noExternal: [/^@mafjs\//],
    esbuildOptions: esbuild => {
      esbuild.conditions = ['@mafjs/source']
    },
    tsconfig: join(packageFolder, 'tsconfig.build.json'),
  })
  // It says what stands for `#platform`.
  await copyFile(join(packageFolder, 'package.json'), join(folder, '@mafjs/compile/package.json'))
  await writeFile(join(folder, 'program.mjs'), PROGRAM)
})
afterAll(() => rm(folder, { recursive: true }))

describe('the built package', () => {
  it('trains in both threads, says where a step failed, and lets the process end', async () => {
    expect(await readdir(join(folder, '@mafjs/compile/dist'))).toEqual(
      expect.arrayContaining(['index.js', 'engine-worker.js', 'session-worker.js']),
    )
    const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'program.mjs')], {
      timeout: 30_000,
    })
    const [here, there] = JSON.parse(stdout.trim().split('\n').at(-1)!) as unknown[]
    expect(there).toEqual(here)
    expect(here).toEqual([
      [3, 6],
      1 + 16 + 81 + 10,
      'CompileError',
      true,
      [expect.closeTo(0.899, 3), expect.closeTo(1.898, 3), expect.closeTo(2.897, 3)],
    ])
  })
})
