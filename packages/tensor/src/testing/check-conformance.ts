import { registerGradients } from '../gradients'
import { type Bench, createBench } from './bench'
import { checkAbsent } from './check-absent'
import { checkGradients } from './check-gradients'
import { checkLeaks } from './check-leaks'
import { checkBatchOfOne, checkMasks } from './check-masks'
import { checkInputDtypes, checkOutputs } from './check-outputs'
import { checkDeterminism, checkGlobalRandomness, checkOrder, checkSeeds } from './check-randomness'
import { checkRoundTrip } from './check-round-trip'
import { checkWrongShapes } from './check-wrong-shapes'
import type { ConformanceCheck, ConformanceSubject, Finding } from './subject'

/**
 * The one suite every module passes, on the backend that is set. Test runners are the caller's own:
 * `expect(await checkConformance({ ... })).toEqual([])`.
 *
 * @returns what is wrong, in the order of the checks; empty for a sound module.
 */
export async function checkConformance<Options extends object>(
  subject: ConformanceSubject<Options>,
): Promise<Finding[]> {
  registerGradients()
  const bench = createBench(subject as unknown as ConformanceSubject<object>)
  const findings: Finding[] = []
  const run = async (
    name: ConformanceCheck,
    check: (bench: Bench) => Promise<Finding[]>,
  ): Promise<Finding[]> => {
    const found = await check(bench).catch(error => [
      { check: name, subject: 'apply', message: `threw ${error}` } satisfies Finding,
    ])
    findings.push(...found)
    return found
  }
  try {
    const [broken] = (await run('apply', checkOutputs)).filter(({ message }) => message.startsWith('threw'))
    if (broken) return [broken]
    // A hidden state would spoil every comparison after; the other checks are to find only their own faults.
    bench.fresh = (await run('order', checkOrder)).length > 0
    await run('leaked-tensor', checkLeaks)
    await run('determinism', checkDeterminism)
    const global = await run('global-randomness', checkGlobalRandomness)
    // What is drawn from the global generator does not follow the seed; one fault is enough.
    if (global.length === 0) await run('seed', checkSeeds)
    await run('mask', checkMasks)
    await run('batch-of-one', checkBatchOfOne)
    await run('absent-modality', checkAbsent)
    await run('dtype', checkInputDtypes)
    await run('wrong-shape', checkWrongShapes)
    await run('round-trip', checkRoundTrip)
    await run('gradient', checkGradients)
  } finally {
    bench.dispose()
  }
  return settle(subject, findings)
}

/** Takes out what is exempt, and adds a finding for every exemption that was not needed or has no reason. */
function settle<Options extends object>(
  subject: ConformanceSubject<Options>,
  findings: Finding[],
): Finding[] {
  const exempt = Object.entries(subject.exempt ?? {})
  const covers = (key: string, { check, subject: about }: Finding): boolean =>
    key === check || key === `${check}:${about}`
  const unneeded = exempt.flatMap(([key, reason]): Finding[] => {
    if (!reason?.trim()) return [{ check: 'exemption', subject: key, message: 'has no reason' }]
    if (findings.some(finding => covers(key, finding))) return []
    return [{ check: 'exemption', subject: key, message: `is not needed, the check passes (${reason})` }]
  })
  return [...findings.filter(finding => !exempt.some(([key]) => covers(key, finding))), ...unneeded]
}
