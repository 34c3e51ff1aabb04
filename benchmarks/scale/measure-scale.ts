import { join } from 'node:path'
import { markdownTable } from '@mafjs/evaluate'
import type { Measured, MeasurementOptions } from '../measurements'
import { withWork } from '../race/sides'
import { growth } from '../race/statistics'
import { type ScaleAxis, type ScalePoint, scaleAxes } from './points'

const ACTS = ['train', 'predict'] as const

/** What an act took. */
interface Taken {
  /** Milliseconds. */
  clock: number
  cores: number
  /** Bytes. */
  peak: number
}

async function measurePoint(
  point: ScalePoint,
  act: (typeof ACTS)[number],
  { ours, folder, settings }: MeasurementOptions,
): Promise<Taken> {
  const work = { kind: `scale-${act}`, inputs: '', scale: point } as const
  const load = { work, folder: join(folder, `scale ${Object.values(point).join(' ')}`), settings }
  return withWork(ours, load, async side => {
    await side.ask('peak', { reset: true })
    const { ms, cores } = await side.ask('run', { repeat: 1 })
    return { clock: ms[0]!, cores: cores[0]!, peak: (await side.ask('peak', {})).bytes }
  })
}

const digits = (value: number): string => value.toFixed(2)

/** The growth along an axis, and between its two greatest points, where what every process takes counts least. */
const growthOf = ({ name, points }: ScaleAxis, taken: readonly number[]): [number, number] => {
  const x = points.map(point => point[name])
  return [growth(x, taken), growth(x.slice(-2), taken.slice(-2))]
}

/** Time and peak memory of training and prediction while one thing grows, each point in a process of its own. */
export async function measureScale(options: MeasurementOptions): Promise<Measured> {
  const rows: string[][] = []
  const values: Measured['values'] = []
  for (const axis of scaleAxes(options.quick)) {
    const found: Record<(typeof ACTS)[number], Taken[]> = { train: [], predict: [] }
    for (const point of axis.points) {
      for (const act of ACTS) {
        const taken = await measurePoint(point, act, options)
        found[act].push(taken)
        const { clock, cores, peak } = taken
        const cells = [digits(clock / 1000), digits(cores / 1000), (peak / 2 ** 20).toFixed(0)]
        rows.push([axis.name, act, String(point[axis.name]), ...cells, '', ''])
        console.log(`    ${rows.at(-1)!.join('  ')}`)
      }
    }
    for (const act of ACTS) {
      const [time, last] = growthOf(
        axis,
        found[act].map(({ cores }) => cores),
      )
      const [memory, lastMemory] = growthOf(
        axis,
        found[act].map(({ peak }) => peak),
      )
      const slopes = [`${digits(time)} (${digits(last)})`, `${digits(memory)} (${digits(lastMemory)})`]
      rows.push([axis.name, act, 'slope', '', '', '', ...slopes])
      values.push({ what: `${act}, ${axis.name}: time's slope`, value: last, unit: '' })
    }
  }
  const head = [
    'grows',
    'what',
    'value',
    'clock, s',
    'all cores, s',
    'peak, MiB',
    'slope of time',
    'of memory',
  ]
  const note =
    'Slopes are those of log against log: of all points, and in brackets of the two greatest; time is that of all cores.'
  return { values, details: `${markdownTable(head, rows, [0, 1])}\n\n${note}` }
}
