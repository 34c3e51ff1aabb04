import { quantile } from '@mafjs/evaluate'
import type { Settings } from '../protocol'
import type { Row } from './rows'
import type { Starter } from './sides'
import {
  type Estimate,
  groupMeans,
  type Ratio,
  ratioOf,
  type Summary,
  scaleUp,
  summarise,
} from './statistics'

/** What one side did in a row. */
export interface Lane {
  /** Milliseconds by the clock. */
  time: Summary
  /** Milliseconds of all processors together. */
  cores: Summary
  /** Milliseconds of a whole epoch by the clock, where the steps are those of one. */
  epoch?: Estimate
  /** Bytes of resident memory at its peak while the works ran, after loading and warming up. */
  peak: number
  /** Bytes at its peak before that. */
  loadingPeak: number
  /** Milliseconds to load: weights, and what a side compiles. */
  loading: number
}

/** A row that was run; the ratio is that of the clock. */
export interface RaceResult extends Ratio {
  ours: Lane
  theirs: Lane
  /** Of processor time. */
  cores: Ratio
}

/** How a row is run. */
export interface RaceOptions {
  row: Row
  ours: Starter
  theirs: Starter
  settings: { ours: Settings; theirs: Settings }
  folder: string
  /** Turns of each side. */
  repeats: number
}

/** A turn lasts about so long, milliseconds, so that a work of microseconds is not measured by its first run. */
const TURN = 400

/** Runs before anything counts. */
const WARM_UP = 2

async function prepareRacer(
  { start }: Starter,
  settings: Settings,
  work: Row['ours'],
  { folder, row: { batches = 1 } }: RaceOptions,
) {
  const side = start(settings)
  try {
    const { ms: loading, steps } = await side.ask('load', { work, folder, settings })
    const warm = await side.ask('run', { repeat: Math.max(WARM_UP, batches) })
    const fitting = Math.min(100, Math.max(1, Math.floor(TURN / warm.ms.at(-1)!)))
    const { bytes: loadingPeak } = await side.ask('peak', { reset: true })
    side.pause()
    // How often it runs in a turn.
    const inner = batches > 1 ? 1 : fitting
    return { side, inner, times: [] as number[], cores: [] as number[], steps, loading, loadingPeak }
  } catch (error) {
    await side.close()
    throw error
  }
}

type Racer = Awaited<ReturnType<typeof prepareRacer>>

/** One turn; of many short runs the first ones find cold caches and do not count. */
async function takeTurn({ side, inner, ...racer }: Racer): Promise<void> {
  side.resume()
  if (inner > 1) await side.ask('run', { repeat: Math.ceil(inner / 10) })
  const { ms, cores } = await side.ask('run', { repeat: inner })
  side.pause()
  racer.times.push(quantile(ms, 0.5))
  racer.cores.push(quantile(cores, 0.5))
}

async function lane(racer: Racer, batches: number, steps: number | undefined): Promise<Lane> {
  const { side, times, cores, loading, loadingPeak } = racer
  side.resume()
  const { bytes } = await side.ask('peak', {})
  return {
    time: summarise(groupMeans(times, batches)),
    cores: summarise(groupMeans(cores, batches)),
    ...(steps !== undefined && { epoch: scaleUp(times, steps) }),
    ...{ peak: bytes, loadingPeak, loading },
  }
}

/**
 * Runs both sides of a row turn by turn; while one runs, the other's process stands still. Who begins alternates, so that a
 * machine that slows down slows both.
 */
export async function raceRow(options: RaceOptions): Promise<RaceResult> {
  const { row, settings, repeats } = options
  const batches = row.batches ?? 1
  const ours = await prepareRacer(options.ours, settings.ours, row.ours, options)
  try {
    const theirs = await prepareRacer(options.theirs, settings.theirs, row.theirs, options)
    try {
      for (let turn = 0; turn < repeats * batches; turn++) {
        const order = turn % 2 === 0 ? [ours, theirs] : [theirs, ours]
        for (const racer of order) await takeTurn(racer)
      }
      const { steps } = ours
      const means = (kind: 'times' | 'cores') =>
        ratioOf(groupMeans(ours[kind], batches), groupMeans(theirs[kind], batches))
      return {
        ours: await lane(ours, batches, steps),
        theirs: await lane(theirs, batches, steps),
        ...means('times'),
        cores: means('cores'),
      }
    } finally {
      await theirs.side.close()
    }
  } finally {
    await ours.side.close()
  }
}
