import { type AnyModule, type Bench, SEED, withRandomness } from './bench'
import { differences, readOutputs } from './snapshot'
import type { Finding } from './subject'

/** The configuration is plain JSON, holds every option given, and rebuilds a module that computes the same. */
export async function checkRoundTrip(bench: Bench): Promise<Finding[]> {
  const findings: Finding[] = []
  const report = (subject: string, message: string): void => {
    findings.push({ check: 'round-trip', subject, message })
  }
  const { subject } = bench
  await bench.use({}, async module => {
    const config = module.config as Record<string, unknown>
    for (const path of notJson(config)) report(path, 'is not plain JSON')
    for (const [name, value] of Object.entries(subject.config)) {
      if (JSON.stringify(config[name]) !== JSON.stringify(value)) {
        const [held, given] = [JSON.stringify(config[name]), JSON.stringify(value)]
        report(name, `is ${held} in the configuration, but was given as ${given}`)
      }
    }
    if (findings.length > 0) return
    const rebuild = (): AnyModule =>
      bench.make(() => withRandomness(1, () => subject.create(JSON.parse(JSON.stringify(config)))))
    for (const training of [false, true]) {
      const options = { training, seed: SEED, step: 1 }
      const rebuilt = rebuild()
      if (shapesOf(rebuilt) !== shapesOf(module))
        report('parameters', 'have other names or shapes when rebuilt')
      if (JSON.stringify(rebuilt.config) !== JSON.stringify(config))
        report('config', 'is another when rebuilt')
      const before = await bench.apply(bench.plain, options)
      const after = await bench.withInputs(bench.plain, ({ inputs }) =>
        readOutputs(withRandomness(1, () => rebuilt.apply(inputs, options))),
      )
      rebuilt.dispose()
      const changed = differences(before, after, { exact: true })
      if (changed.length > 0) report('apply', `differs in the rebuilt module: ${changed.join('; ')}`)
    }
  })
  return findings
}

function shapesOf(module: AnyModule): string {
  return JSON.stringify(Object.entries(module.parameters()).map(([name, { shape }]) => [name, shape]))
}

/** The paths of values that JSON would lose or change. */
function notJson(value: unknown, path = 'config'): string[] {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return []
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [path]
  if (Array.isArray(value)) return value.flatMap((entry, index) => notJson(entry, `${path}[${index}]`))
  const isRecord = typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype
  if (!isRecord) return [path]
  return Object.entries(value).flatMap(([name, entry]) => notJson(entry, `${path}.${name}`))
}
