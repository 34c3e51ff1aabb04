import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Settings, SideDescription } from '../protocol'
import { type Side, startSide } from './side'
import { environmentOf, PLAIN_SETTINGS, type TorchSettings } from './torch-settings'

const folder = fileURLToPath(new URL('..', import.meta.url))

/** A way to start one side's process. */
export interface Starter {
  about: SideDescription
  start(settings: Settings): Side
}

/** Our side's process. */
export async function findOurs(): Promise<Starter> {
  const start = (): Side =>
    startSide({
      command: process.execPath,
      arguments: [
        '--conditions=@mafjs/source',
        '--import',
        import.meta.resolve('tsx'),
        '--expose-gc',
        join(folder, 'ours/main.ts'),
      ],
    })
  return { about: await describe(start()), start }
}

/**
 * A Python with PyTorch.
 *
 * @param cache folder for what `torch.compile` makes.
 * @throws Error in Python's own words where it has no PyTorch or does not start.
 */
export async function findTorch(python: string, cache: string): Promise<Starter> {
  const start = (settings: Settings): Side =>
    startSide({
      command: python,
      arguments: [join(folder, 'pytorch/main.py')],
      environment: environmentOf(settings as TorchSettings, cache),
    })
  return { about: await describe(start(PLAIN_SETTINGS)), start }
}

async function describe(side: Side): Promise<SideDescription> {
  try {
    return await side.ask('about', {})
  } finally {
    await side.close()
  }
}
