import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
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

test('disposed while they work: calls under way end well, later ones are refused, the process ends clean', {
  timeout: 240_000,
}, async () => {
  // A promise that never settles ends the process with 13, which rejects.
  const { stdout } = await promisify(execFile)(process.execPath, [...FROM_SOURCE, PROGRAM, root, ...KINDS])
  const said = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
  const ended = ['calls', 'disposed', 'disposed']
  for (const kind of KINDS) {
    expect(
      said.filter(([name]) => name === kind).map(([, ...outcome]) => outcome),
      kind,
    ).toEqual([
      ...['at once', 'later'].map(moment => [moment, true, ended, LATE]),
      ['windows', true, true, LATE, true, true],
      ['a silent source', LATE],
      ['aborted', Array(6).fill('enough')],
      ['the end', 6],
    ])
  }
})
