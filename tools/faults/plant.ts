import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { transformSync } from 'esbuild'
import { run } from '../processes'
import { filesBelow } from '../workspace/packages.mjs'
import type { Fault } from './faults'

/** What of a JSON report of vitest is read. */
interface Report {
  numPassedTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { status: string; fullName: string }[]
  }[]
}

/** A test took longer than all of them may. */
const SECONDS = 600

const firstLine = (text: string): string => text.split('\n')[0]!

/** The test files that a fault names. */
export function testsOf(root: string, { name, tests }: Fault): string[] {
  const files = filesBelow(join(root, 'packages')).filter(path => path.endsWith('.test.ts'))
  const idle = tests.find(part => !files.some(file => file.includes(part)))
  if (idle !== undefined) throw new Error(`The fault ${name} names ${idle}, which is part of no test's path.`)
  return files
    .filter(file => tests.some(part => file.includes(part)))
    .map(file => join(root, 'packages', file))
}

/**
 * Where a fault's text stands.
 *
 * @throws Error naming a fault whose text stands nowhere or twice.
 */
export function placeOf(root: string, { name, find }: Fault): string {
  const sources = filesBelow(join(root, 'packages')).filter(path => /^[^/]+\/src\/.*\.ts$/.test(path))
  const found = sources.flatMap(path => {
    const file = join(root, 'packages', path)
    return new Array<string>(readFileSync(file, 'utf8').split(find).length - 1).fill(file)
  })
  if (found.length === 1) return found[0]!
  throw new Error(
    `The fault ${name} must be found once in packages/*/src, not ${found.length} times: ${JSON.stringify(find)}`,
  )
}

/** Makes the mistake, in a copy; what is returned takes it back. */
export function plant(copy: string, fault: Fault): () => void {
  const file = placeOf(copy, fault)
  const text = readFileSync(file, 'utf8')
  // Whatever does not even load would be found by every test.
  const planted = text.replace(fault.find, () => fault.replace)
  transformSync(planted, { loader: 'ts' })
  writeFileSync(file, planted)
  return () => writeFileSync(file, text)
}

/**
 * Runs test files.
 *
 * @returns how many tests passed and the names of those that failed, of which the first ends the run
 */
export async function runTests(
  copy: string,
  files: readonly string[],
  { signal }: { signal: AbortSignal },
): Promise<{ passed: number; failed: string[] }> {
  const report = join(copy, 'faults-report.json')
  const parameters = [
    '--no-install',
    'vitest',
    'run',
    '--bail=1',
    '--reporter=json',
    `--outputFile=${report}`,
  ]
  // It fails where a test does.
  const { message } = await run('npx', [...parameters, ...files], { cwd: copy, signal, seconds: SECONDS })
    .then(() => new Error('It passed.'))
    .catch((error: Error) => error)
  signal.throwIfAborted()
  if (!existsSync(report)) throw new Error(`vitest left no report: ${message}`)
  const { numPassedTests, testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report
  const failed = testResults.flatMap(({ status, message, name, assertionResults }) => {
    const names = assertionResults.filter(test => test.status === 'failed').map(({ fullName }) => fullName)
    return names.length === 0 && status === 'failed' ? [`${name}: ${firstLine(message)}`] : names
  })
  return { passed: numPassedTests, failed }
}
