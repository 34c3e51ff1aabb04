import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { useBackend } from '@mafjs/compile/engine'
import { expect, test } from 'vitest'
import { FROM_SOURCE } from '../from-source'
import { writeResNet, writeTask } from '../train/run-files'

const canCount = existsSync('/proc/self/task')
if (!canCount) console.warn('SKIPPED: threads are counted where there is a /proc, on Linux.')

type Found = Record<'idle' | 'train' | 'predict', { own: number; libvips: number }>

/** One for each length that texts of at most 64 pieces are padded to, and the one that predicts. */
const MOST_PROGRAMS = 64 / 8 + 1

test.runIf(canCount)(
  'training and prediction start the threads that they are told, and no more',
  async () => {
    await useBackend('cpu')
    const { folder, data, images, textEncoder, out } = await writeTask({ train: 8, valid: 2, test: 2 })
    const { file } = await writeResNet(folder)
    const program = fileURLToPath(new URL('count-threads.ts', import.meta.url))
    const countWith = async (threads: number): Promise<Found> => {
      const options = {
        ...{
          data,
          images,
          textEncoder,
          randomTextEncoder: true,
          imageEncoder: file,
          trainImageEncoder: true,
        },
        ...{ maxLength: 64, epochs: 1, batchSize: 8, threads, out: `${out}-${threads}` },
      }
      const node = [...FROM_SOURCE, program, JSON.stringify(options)]
      return JSON.parse((await promisify(execFile)(process.execPath, node)).stdout) as Found
    }
    for (const threads of [1, 2]) {
      const { idle, train, predict } = await countWith(threads)
      // ONNX Runtime itself has one, and every program one less than there are to compute: this thread computes too.
      const before = idle.own + 1
      expect(train.own).toBeLessThanOrEqual(before + MOST_PROGRAMS * (threads - 1))
      expect(predict.own).toBeLessThanOrEqual(before + threads - 1)
      // One for each picture that is decoded at once.
      expect(train.libvips).toBeLessThanOrEqual(threads)
      expect(predict.libvips).toBeLessThanOrEqual(threads)
      expect(predict.libvips).toBeGreaterThan(0)
    }
  },
)
