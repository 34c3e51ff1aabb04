import '@tensorflow/tfjs-core/dist/register_all_gradients'
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops'
import { setTestEnvs, type TestEnv } from '@tensorflow/tfjs-core/dist/jasmine_util'
import { boot, type Result } from 'jasmine-core'
import type { SpecRecord, SuiteMessage } from '../spec-record'
import { observeEngine } from './observe-engine'

/** How long a spec may take, in milliseconds: what tfjs's own test runner allows. */
const TIMEOUT = 20_000

const send = (message: SuiteMessage): void => {
  process.send?.(message)
}

const isThrow = ({ matcherName }: { matcherName: string }): boolean =>
  /^(toThrow|toBeRejected)/.test(matcherName ?? '')

/** Where a spec comes from, and what it is called. */
interface Place {
  file: string
  name: string
}

type Defining = (...parameters: unknown[]) => Spec

interface Spec {
  id: string
  getFullName(): string
}

/**
 * Loads spec files and notes where each spec comes from. tfjs-core gives some specs the name of another in the same
 * file; the second of two is called `name (2)`.
 */
async function load(
  files: Record<string, () => Promise<unknown>>,
  chosen: readonly string[],
  nameOf: (fullName: string) => string,
): Promise<Map<string, Place>> {
  const places = new Map<string, Place>()
  const specs: [string, Spec][] = []
  const globals = globalThis as unknown as Record<'it' | 'xit', Defining>
  let file = ''
  for (const name of ['it', 'xit'] as const) {
    const original = globals[name]
    globals[name] = (...parameters) => {
      const spec = original(...parameters)
      specs.push([file, spec])
      return spec
    }
  }
  for (file of chosen) await files[file]!()
  const counts = new Map<string, number>()
  for (const [file, spec] of specs) {
    const name = nameOf(spec.getFullName())
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    places.set(spec.id, { file, name: count > 1 ? `${name} (${count})` : name })
  }
  return places
}

/**
 * Runs spec files of tfjs-core with jasmine, in a process of its own, and tells its parent what each spec did.
 *
 * @throws Error of a spec file that cannot be loaded.
 */
export async function runSpecs(
  environment: TestEnv,
  files: Record<string, () => Promise<unknown>>,
): Promise<void> {
  const [chosen, filter] = JSON.parse(process.argv[2]!) as [string[], string]
  const jasmine = boot()
  jasmine.DEFAULT_TIMEOUT_INTERVAL = TIMEOUT
  // tfjs's jasmine_util makes it infinite, which costs time for every expected throw.
  Error.stackTraceLimit = 20
  setTestEnvs([environment])
  const { observed, reset } = observeEngine()
  const suffix = ` ${environment.name} ${JSON.stringify(environment.flags ?? {})}`
  const nameOf = (fullName: string): string => fullName.replaceAll(suffix, '')
  const places = await load(files, chosen, nameOf)

  function recordOf(spec: Result): SpecRecord {
    const { kernels, missing, gradient, read } = observed()
    const { passedExpectations: passed, failedExpectations: failed } = spec
    return {
      ...places.get(spec.id)!,
      status: spec.status === 'excluded' ? 'pending' : spec.status,
      kernels: [...kernels],
      missing: [...missing],
      gradient,
      read,
      expectsThrow: [...passed, ...failed].some(isThrow),
      onlyThrowFailed: failed.length > 0 && failed.every(isThrow),
      messages: failed.map(({ message }) => message),
    }
  }

  const problems = (where: string, { failedExpectations }: Result): void => {
    for (const { message } of failedExpectations) send({ problem: `${where}: ${message}` })
  }
  const env = jasmine.getEnv()
  env.configure({ random: false, specFilter: spec => nameOf(spec.getFullName()).includes(filter) })
  env.addReporter({
    specStarted(spec) {
      reset()
      send({ started: nameOf(spec.fullName) })
    },
    specDone(spec) {
      if (spec.status !== 'excluded') send({ record: recordOf(spec) })
    },
    suiteDone: suite => problems(nameOf(suite.fullName), suite),
    jasmineDone: run => problems('the whole run', run),
  })
  await env.execute()
  send({ done: true })
}
