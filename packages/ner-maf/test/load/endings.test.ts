import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FROM_SOURCE } from '../from-source'
import { type PredictorName, writePredictors } from './predictors'

const PROGRAM = fileURLToPath(new URL('endings.ts', import.meta.url))
const LATE = 'InvalidArgumentError: model must not be used after dispose()'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'maf-endings-'))
  await writePredictors(root)
})
afterAll(() => rm(root, { recursive: true }))

const KINDS: PredictorName[] = [
  'checkpoint, wasm',
  'export',
  'export, worker',
  'frozen encoder',
  'two pictures, frozen encoder, worker',
]

describe.concurrent('disposed while it works', () => {
  test.each(KINDS)(
    '%s: calls under way end well, later ones are refused, the process ends clean',
    {
      timeout: 120_000,
    },
    async kind => {
      // A promise that never settles ends the process with 13, which rejects.
      const { stdout } = await promisify(execFile)(process.execPath, [...FROM_SOURCE, PROGRAM, root, kind])
      const ended = ['calls', 'disposed', 'disposed']
      expect(
        stdout
          .trim()
          .split('\n')
          .map(line => JSON.parse(line)),
      ).toEqual([
        ...['at once', 'later'].map(moment => [moment, true, ended, LATE]),
        ['a batch', [0, 0, 0, 0, 0, 0], LATE, true, true],
        ['a silent source', LATE],
        ['aborted', Array(6).fill('enough')],
        ['the end', 6],
      ])
    },
  )
})
