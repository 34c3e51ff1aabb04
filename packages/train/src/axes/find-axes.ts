import { leavesOf } from '@mafjs/compile/engine'
import type { TaskAxes } from '../task'

/** The shape of every array of a batch, by path, and how many rows it is of. */
interface Observation {
  rows: number
  shapes: Map<string, readonly number[]>
}

/** Finds which axes have any length, from the arrays of batches. */
export interface AxisFinder {
  /**
   * The axes, after looking at one more batch.
   *
   * @param rows how many it is of
   */
  observe(arrays: object, rows: number): TaskAxes
}

const observe = (arrays: object, rows: number): Observation => ({
  rows,
  shapes: new Map(leavesOf(arrays).map(({ path, shape }) => [path, shape])),
})

/** Names for the axes whose lengths differ: the same where their lengths were the same in every batch. */
function nameAxes(seen: readonly Observation[]): TaskAxes {
  const names = new Map<string, string>([[JSON.stringify(seen.map(({ rows }) => rows)), 'batch']])
  const nameOf = (lengths: readonly number[]): string | null => {
    if (lengths.every(length => length === lengths[0])) return null
    const key = JSON.stringify(lengths)
    const name = names.get(key) ?? `length${names.size}`
    names.set(key, name)
    return name
  }
  const axes = [...seen[0]!.shapes].map(([path, shape]) => [
    path,
    shape.map((_, axis) => nameOf(seen.map(({ shapes }) => shapes.get(path)![axis]!))),
  ])
  return { axes: Object.fromEntries(axes) }
}

/** Whether a batch has, on every axis, what the names say: one length for each name, the known one where there is none. */
function fits({ axes }: TaskAxes, known: Observation, { rows, shapes }: Observation): boolean {
  const lengths = new Map([['batch', rows]])
  return [...shapes].every(([path, shape]) =>
    shape.every((length, axis) => {
      const name = axes[path]![axis]
      if (!name) return length === known.shapes.get(path)![axis]
      const same = lengths.get(name) ?? length
      lengths.set(name, same)
      return same === length
    }),
  )
}

/** A finder that learns from every batch which does not fit what it knows, so that a wrong guess costs a program and no more. */
export function createAxisFinder(): AxisFinder {
  /** By the paths and numbers of axes: batches with and without pictures are two kinds. */
  const kinds = new Map<string, { seen: Observation[]; axes: TaskAxes }>()
  return {
    observe(arrays, rows) {
      const observation = observe(arrays, rows)
      const kind = JSON.stringify([...observation.shapes].map(([path, shape]) => [path, shape.length]))
      const known = kinds.get(kind)
      if (known && known.seen.length > 1 && fits(known.axes, known.seen[0]!, observation)) return known.axes
      const seen = [...(known?.seen ?? []), observation]
      const axes = nameAxes(seen)
      kinds.set(kind, { seen, axes })
      return axes
    },
  }
}
