import { isCounted, type Judged } from './judge'

/** How many specs ended how. */
export interface Counts {
  passed: number
  failed: number
  notLowered: number
}

/** One kernel's specs; those that differentiate are counted apart. */
export interface KernelTally {
  kernel: string
  specs: Counts
  gradients: Counts
}

/** The share of the specs that passed, 1 where there are none. */
export function shareOf({ passed, failed, notLowered }: Counts): number {
  const all = passed + failed + notLowered
  return all === 0 ? 1 : passed / all
}

/** Counts specs by how they ended. */
export function count(specs: readonly Judged[]): Counts {
  const ended = (verdict: Judged['verdict']): number => specs.filter(spec => spec.verdict === verdict).length
  return { passed: ended('passed'), failed: ended('failed'), notLowered: ended('not lowered') }
}

/** The counted specs of some kernels, each once, with those that differentiate apart. */
export function specsOf(judged: readonly Judged[], kernels: readonly string[]) {
  const belonging = judged.filter(
    spec => isCounted(spec) && spec.belongsTo.some(one => kernels.includes(one)),
  )
  return {
    specs: belonging.filter(({ gradient }) => !gradient),
    gradients: belonging.filter(({ gradient }) => gradient),
  }
}

/** The counts of every kernel. */
export function tally(judged: readonly Judged[], kernels: readonly string[]): KernelTally[] {
  return kernels.map(kernel => {
    const { specs, gradients } = specsOf(judged, [kernel])
    return { kernel, specs: count(specs), gradients: count(gradients) }
  })
}
