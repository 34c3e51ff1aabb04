import { type Bench, readValues, SEED, withRandomness } from './bench'
import { drawInputs } from './plain'
import { differences, type Snapshot } from './snapshot'
import type { Finding } from './subject'

const TRAINING = { training: true, seed: SEED, step: 1 }

/** A call's result does not depend on the calls before it. */
export async function checkOrder(bench: Bench): Promise<Finding[]> {
  const between = drawInputs(bench.specs, bench.subject.dimensions, SEED + 500)
  const first = await bench.apply(bench.plain, TRAINING)
  await bench.apply(between, { training: true, seed: SEED + 1, step: 2 })
  await bench.apply(between)
  const changed = differences(first, await bench.apply(bench.plain, TRAINING), { exact: true })
  if (changed.length === 0) return []
  return [
    { check: 'order', subject: 'apply', message: `other calls before change it: ${changed.join('; ')}` },
  ]
}

/** Two modules made alike and called once alike give the same, to the last bit. */
export async function checkDeterminism(bench: Bench): Promise<Finding[]> {
  const twin = async (): Promise<Snapshot> => {
    const fresh = bench.fresh
    bench.fresh = true
    try {
      return await bench.apply(bench.plain, TRAINING)
    } finally {
      bench.fresh = fresh
    }
  }
  const changed = differences(await twin(), await twin(), { exact: true })
  if (changed.length === 0) return []
  return [{ check: 'determinism', subject: 'apply', message: `not the same twice: ${changed.join('; ')}` }]
}

/** Neither first values nor results depend on `Math.random`, on which tfjs's own generators rest. */
export async function checkGlobalRandomness(bench: Bench): Promise<Finding[]> {
  const findings: Finding[] = []
  const values = (stream: number): string => {
    const module = withRandomness(stream, () => bench.subject.create(bench.subject.config))
    const read = JSON.stringify(Object.entries(readValues(module.parameters())).map(([n, v]) => [n, [...v]]))
    module.dispose()
    return read
  }
  if (values(1) !== values(2)) {
    findings.push({ check: 'global-randomness', subject: 'create', message: 'first values use Math.random' })
  }
  const found: string[] = []
  for (const training of [false, true]) {
    const options = { ...TRAINING, training }
    const before = await bench.apply(bench.plain, options, { randomness: 1 })
    const after = await bench.apply(bench.plain, options, { randomness: 2 })
    found.push(...differences(before, after, { exact: true }))
  }
  if (found.length > 0) {
    const message = `results use Math.random: ${found.join('; ')}`
    findings.push({ check: 'global-randomness', subject: 'apply', message })
  }
  return findings
}

/** Seed and step change what the module says is random, in training; nothing otherwise. */
export async function checkSeeds(bench: Bench): Promise<Finding[]> {
  const findings: Finding[] = []
  const { random = 'nothing' } = bench.subject
  for (const name of ['seed', 'step'] as const) {
    for (const training of [false, true]) {
      const expected = training && random !== 'nothing'
      const varies = await variesWith(bench, name, training, expected ? 8 : 3)
      if (varies === expected) continue
      const where = training ? 'in training' : 'outside training'
      const message = varies ? `changes results ${where}` : `changes nothing ${where}`
      findings.push({ check: 'seed', subject: name, message })
    }
  }
  return findings
}

async function variesWith(
  bench: Bench,
  name: 'seed' | 'step',
  training: boolean,
  attempts: number,
): Promise<boolean> {
  const first = await bench.apply(bench.plain, { training, [name]: 1 })
  for (let number = 2; number <= attempts; number++) {
    const other = await bench.apply(bench.plain, { training, [name]: number })
    if (differences(first, other, { exact: true }).length > 0) return true
  }
  return false
}
