import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PREPARED } from '../prepare/prepare'
import type { PrepareRequest, Settings, SideDescription, WorkSpec } from '../protocol'
import { type Side, startSide } from './side'
import { environmentOf, PLAIN_SETTINGS, type TorchSettings } from './torch-settings'

const folder = fileURLToPath(new URL('..', import.meta.url))

/** A way to start one side's process. */
export interface Starter {
  about: SideDescription
  start(settings: Settings): Side
}

/** Runs something in a process of its own, which is ended however it ends. */
async function withSide<T>(side: Side, use: (side: Side) => Promise<T>): Promise<T> {
  try {
    return await use(side)
  } finally {
    await side.close()
  }
}

/** Runs something in a process of its own with a work loaded. */
export const withWork = <T>(
  { start }: Pick<Starter, 'start'>,
  { work, folder, settings }: { work: WorkSpec; folder: string; settings: Settings },
  use: (side: Side) => Promise<T>,
): Promise<T> =>
  withSide(start(settings), async side => {
    await side.ask('load', { work, folder, settings })
    return use(side)
  })

const describe = (side: Side): Promise<SideDescription> => withSide(side, one => one.ask('about', {}))

/** A side in Node, from its source: a file of this folder and its parameters. */
export async function findNodeSide(...script: string[]): Promise<Starter> {
  const source = ['--conditions=@mafjs/source', '--import', import.meta.resolve('tsx'), '--expose-gc']
  const [file, ...parameters] = script as [string, ...string[]]
  const start = (): Side =>
    startSide({ command: process.execPath, arguments: [...source, join(folder, file), ...parameters] })
  return { about: await describe(start()), start }
}

/** Our side's process. */
export const findOurs = (): Promise<Starter> => findNodeSide('ours/main.ts')

/**
 * A Python with PyTorch.
 *
 * @param cache folder for what `torch.compile` makes.
 * @throws Error in Python's own words where it has no PyTorch or does not start.
 */
export async function findTorch(python: string, cache: string): Promise<Starter> {
  const start = (settings: Settings): Side => {
    const environment = environmentOf(settings as TorchSettings, cache)
    return startSide({ command: python, arguments: [join(folder, 'pytorch/main.py')], environment })
  }
  return { about: await describe(start(PLAIN_SETTINGS)), start }
}

/** The Pythons that have a PyTorch, each once; which have none, and why, is told in words. */
export async function findOpponents(pythons: readonly string[], cache: string) {
  const found: Starter[] = []
  const having: string[] = []
  const notes: string[] = []
  for (const python of pythons) {
    try {
      const starter = await findTorch(python, cache)
      // Two names of one interpreter are one opponent.
      const isKnown = found.some(({ about }) => JSON.stringify(about) === JSON.stringify(starter.about))
      if (isKnown) continue
      found.push(starter)
      having.push(python)
    } catch (error) {
      notes.push(`${python.split('/').at(-1)} has no PyTorch to race: ${firstLine(error)}`)
    }
  }
  if (pythons.length > 0 && found.length === 0) {
    notes.push('NO PYTORCH IS HERE: nothing was compared or raced. README.md says how to install one.')
  }
  return { found, pythons: having, notes }
}

/** What went wrong, in a line. */
export const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0]!

/**
 * Has weights and inputs written by a process of their own, unless they are there already.
 *
 * @returns what was left out, in words.
 */
export async function prepareInputs(ours: Starter, request: PrepareRequest): Promise<string[]> {
  const marker = join(request.folder, PREPARED)
  if (existsSync(marker)) {
    const prepared = JSON.parse(await readFile(marker, 'utf8')) as { size: string; notes: string[] }
    if (prepared.size === request.size) return prepared.notes
  }
  return withSide(ours.start({}), async side => (await side.ask('prepare', request)).notes)
}
