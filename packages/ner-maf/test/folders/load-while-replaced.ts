import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Engine, useEngine } from '@mafjs/compile/engine'
import { exportRun } from '../../src/export/export-run'
import { openPredictor } from '../../src/export/open-predictor'
import { tag } from '../../src/task/tag'
import { always, writeTinyCheckpoint } from '../checkpoint/tiny-checkpoint'
import { FROM_SOURCE } from '../from-source'

const SCRIPT = fileURLToPath(new URL('replace-forever.ts', import.meta.url))

/** What is replaced while it is loaded: a checkpoint, an export, or a checkpoint with an export of one of its two states in it. */
export const REPLACED = ['checkpoint', 'export', 'checkpoint with its export'] as const

/** The two models differ in all that is loaded: in weights, config and tokenizer. */
const MODELS = { PER: 24, LOC: 22 } as const

/** What was seen. */
export interface LoadCounts {
  loads: number
  /** Loads that failed, with the reason. */
  failed: string[]
  /** Loads that were of neither model as a whole. */
  mixed: string[]
  /** Loads of either model. */
  whole: Record<string, number>
}

async function writeModel(folder: string, type: keyof typeof MODELS): Promise<void> {
  await writeTinyCheckpoint(folder, { pictures: false, maxLength: MODELS[type], change: always(`B-${type}`) })
  const file = join(folder, 'tokenizer.json')
  await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, 'utf8')), version: type }))
}

/** Which models the parts of a loaded one are of: what its weights answer, its config and its tokenizer. */
async function partsOf(folder: string, engine: Engine): Promise<string[]> {
  const predictor = await openPredictor(folder, engine)
  try {
    const { model, program, tokenizer, config } = predictor
    const [tagged] = await tag([{ id: '1', source: { file: 'one', line: 1 }, words: ['paris'] }], {
      model,
      program,
      tokenizer,
    })
    const { version } = tokenizer.definition as { version?: string }
    const ofLength = Object.entries(MODELS).find(([, length]) => length === config.preprocessing.maxLength)
    return [tagged!.labels[0]!.slice(2), version ?? 'none', ofLength?.[0] ?? 'none']
  } finally {
    await predictor.dispose()
  }
}

/** Loads a model time and again while another process replaces its folder; a backend must have been started. */
export async function loadWhileReplaced(what: (typeof REPLACED)[number], loads: number): Promise<LoadCounts> {
  const root = await mkdtemp(join(tmpdir(), 'maf-replaced-'))
  const counts: LoadCounts = { loads, failed: [], mixed: [], whole: {} }
  const [folder, models] = [join(root, 'model'), Object.keys(MODELS) as (keyof typeof MODELS)[]]
  for (const type of models) {
    await writeModel(join(root, type), type)
    await exportRun({
      model: join(root, type),
      out: join(root, `${type}-onnx`),
      threads: 1,
      externalAbove: 0,
    })
  }
  const isExport = what === 'export'
  const [one, other] = models.map(type => join(root, isExport ? `${type}-onnx` : type))
  await cp(one!, folder, { recursive: true })
  if (what === 'checkpoint with its export') {
    await cp(join(root, `${models[0]}-onnx`), join(folder, 'onnx'), { recursive: true })
  }
  const args = [SCRIPT, folder, isExport ? 'export' : 'checkpoint', one!, other!]
  const child = spawn(process.execPath, [...FROM_SOURCE, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  try {
    await Promise.race([once(child.stdout!, 'data'), ended])
    const engine = await useEngine(
      what === 'checkpoint' ? { engine: 'tfjs', backend: 'cpu' } : { engine: 'onnx', threads: 1 },
    )
    for (let load = 0; load < loads; load++) {
      try {
        const parts = await partsOf(folder, engine)
        if (new Set(parts).size === 1) counts.whole[parts[0]!] = (counts.whole[parts[0]!] ?? 0) + 1
        else counts.mixed.push(parts.join(', '))
      } catch (error) {
        counts.failed.push(String(error))
      }
    }
    if (child.exitCode !== null || child.signalCode !== null) throw new Error('Nobody replaced the folder.')
    return counts
  } finally {
    child.kill('SIGKILL')
    await ended
    await rm(root, { recursive: true, force: true })
  }
}
